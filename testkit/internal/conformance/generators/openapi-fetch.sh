npx openapi-typescript --default-non-nullable false "$API" -o api.d.ts
npx openapi-typescript --default-non-nullable false "$CONTROL" -o control.d.ts
npx tsc
node main.js
