package main

import "path/filepath"

// client is a program that sends the steps. It reads each step as a line of JSON and
// replies with a line; with --version it prints its versions.
type client struct {
	name            string     // in steps.yaml and -only
	title           string     // in the table
	folder          string     // working folder
	needs           []string   // programs without which it is not run
	prepare         [][]string // commands that install and build it, by its lock file
	command         []string
	version         []string // command that prints the versions for the table
	hidesFieldNames bool     // its errors contain only code and message
	validated       bool     // through a proxy that refuses with 422 what violates the specification
}

func clients(folder string) []client {
	in := func(name string) string { return filepath.Join(folder, name) }
	wire := func(name, title, speaks string) client {
		return client{
			name: name, title: title, folder: in("wire"), needs: []string{"go"},
			prepare: [][]string{{"go", "build", "-o", "../../../../bin/conformance-wire", "."}},
			command: []string{"../../../../bin/conformance-wire", speaks},
			version: []string{"../../../../bin/conformance-wire", "--version"},
		}
	}
	return []client{
		{
			name: "node", title: "official Node SDK", folder: in("node"), needs: []string{"node", "npm"},
			prepare: [][]string{{"npm", "ci", "--silent"}},
			command: []string{"node", "steps.mjs"},
			version: []string{"node", "steps.mjs", "--version"},
		},
		{
			name: "python", title: "official Python SDK", folder: in("python"), needs: []string{"python3"},
			prepare: [][]string{
				{"python3", "-m", "venv", "venv"},
				{"venv/bin/pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", "requirements.txt"},
			},
			command: []string{"venv/bin/python", "steps.py"},
			version: []string{"venv/bin/python", "steps.py", "--version"}, hidesFieldNames: true,
		},
		{
			name: "java", title: "official Java SDK", folder: in("java"), needs: []string{"java", "javac", "keytool", "mvn"},
			prepare: [][]string{{"mvn", "-q", "-B", "package"}},
			command: []string{"java", "-cp", "target/steps.jar:target/lib/*", "Steps"},
			version: []string{"java", "-cp", "target/steps.jar:target/lib/*", "Steps", "--version"}, hidesFieldNames: true,
		},
		{
			name: "curl-get", title: "curl, as the older pages print it: GET with an api key", folder: in("curl"), needs: []string{"bash", "curl", "jq"},
			command: []string{"./steps.sh", "get"},
			version: []string{"./steps.sh", "--version"},
		},
		{
			name: "curl-post", title: "curl, as the newer pages print it: POST with a token", folder: in("curl"), needs: []string{"bash", "curl", "jq"},
			command: []string{"./steps.sh", "post"},
			version: []string{"./steps.sh", "--version"},
		},
		wire("go-http", "Go, net/http without an SDK", "plain"),
		wire("go", "imitation of the Go SDK", "go"),
		wire("php", "imitation of the PHP SDK", "php"),
		wire("dotnet", "imitation of the .NET SDK", "dotnet"),
		{
			name: "generated", title: "client made by oapi-codegen", folder: in("generated"), needs: []string{"go"},
			prepare: [][]string{
				{"go", "run", "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2",
					"-generate", "types,client", "-package", "main", "-o", "client.gen.go", "../../../../openapi.yaml"},
				{"go", "build", "-tags", "generated", "-o", "../../../../bin/conformance-generated", "."},
			},
			command: []string{"../../../../bin/conformance-generated"},
			version: []string{"../../../../bin/conformance-generated", "--version"},
		},
	}
}
