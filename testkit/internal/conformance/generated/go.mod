// The client that oapi-codegen makes of openapi.yaml, as a judge. A module of
// its own, so that what it needs is no dependency of voxemu.
module github.com/voxemu/voxemu/testkit/internal/conformance/generated

go 1.26

require github.com/oapi-codegen/runtime v1.8.0

require (
	github.com/apapsch/go-jsonmerge/v2 v2.0.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
)
