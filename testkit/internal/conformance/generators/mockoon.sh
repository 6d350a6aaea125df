FILE=$API node "$TOOLS"/mock.mjs npx mockoon-cli start --data "$API" --port PORT
FILE=$CONTROL node "$TOOLS"/mock.mjs npx mockoon-cli start --data "$CONTROL" --port PORT
