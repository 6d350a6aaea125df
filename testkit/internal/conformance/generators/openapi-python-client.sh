"$TOOLS"/venv/bin/openapi-python-client generate --path "$API" --meta none --output-path api
"$TOOLS"/venv/bin/openapi-python-client generate --path "$CONTROL" --meta none --output-path control
"$TOOLS"/venv/bin/python main.py
