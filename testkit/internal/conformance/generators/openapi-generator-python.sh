$GENERATE -g python -i "$API" -o api --additional-properties packageName=api_client
$GENERATE -g python -i "$CONTROL" -o control --additional-properties packageName=control_client
PYTHONPATH=api:control "$TOOLS"/venv/bin/python main.py
