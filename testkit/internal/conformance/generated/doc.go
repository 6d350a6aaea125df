// Command generated takes the common steps with the client that oapi-codegen
// makes of openapi.yaml. One JSON line in, one out; see ../README.md.
package main
