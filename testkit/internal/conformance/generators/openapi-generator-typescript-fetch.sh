$GENERATE -g typescript-fetch -i "$API" -o api --additional-properties importFileExtension=.js
$GENERATE -g typescript-fetch -i "$CONTROL" -o control --additional-properties importFileExtension=.js
npx tsc
node main.js
