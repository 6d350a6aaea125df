// Package apidocs contains the script of the page that shows the descriptions of both APIs
// in a browser; see emulator.WithAPIDocs. It is a package of its own because it makes a
// program 1.4 MB larger.
package apidocs

import _ "embed"

// script is the npm package @scalar/api-reference, unchanged; see LICENSE.txt.
//
//go:embed scalar.js.gz
var script string

// Script returns the script, JavaScript compressed with gzip.
func Script() string { return script }
