"$TOOLS"/venv/bin/datamodel-codegen --input "$API" --input-file-type openapi --output-model-type pydantic_v2.BaseModel --output api.py
"$TOOLS"/venv/bin/datamodel-codegen --input "$CONTROL" --input-file-type openapi --output-model-type pydantic_v2.BaseModel --output control.py
"$TOOLS"/venv/bin/python main.py
