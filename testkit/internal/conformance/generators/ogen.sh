cp -r "$TOOLS"/ogen/. .
mkdir api control
go tool ogen --target api --package api --clean "$API"
go tool ogen --target control --package control --clean "$CONTROL"
go vet .
go run .
