for name in api control; do
  input=$API; [ $name = api ] || input=$CONTROL
  echo "export default { input: '$input', output: { path: '$name', importFileExtension: '.js' }, plugins: ['@hey-api/client-fetch', '@hey-api/sdk', '@hey-api/typescript'] }" > config.mjs
  npx openapi-ts --file config.mjs --silent
done
npx tsc
node main.js
