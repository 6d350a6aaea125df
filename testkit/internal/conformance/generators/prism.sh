FILE=$API node "$TOOLS"/mock.mjs npx prism mock --port PORT "$API"
FILE=$CONTROL node "$TOOLS"/mock.mjs npx prism mock --port PORT "$CONTROL"
