node main.mjs "$API" "$CONTROL"
