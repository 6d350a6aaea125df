cp -r "$TOOLS"/openapi-generator-go/. .
$GENERATE -g go -i "$API" -o api --additional-properties packageName=api,withGoMod=false
$GENERATE -g go -i "$CONTROL" -o control --additional-properties packageName=control,withGoMod=false
rm -r api/test control/test
go vet ./...
go run .
