// Command generated sends the common steps with the client that oapi-codegen generates
// from openapi.yaml. It reads and writes one line of JSON per step; see ../README.md.
package main
