package control

import (
	"compress/gzip"
	"embed"
	"io"
	"net/http"
	"path"
	"strings"
)

// referenceFiles are the page that shows both descriptions and can send requests, without
// its script scalar.js.
//
//go:embed reference
var referenceFiles embed.FS

// referencePolicy allows the page to load from and connect to this server only. Scalar
// creates style elements.
const referencePolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'"

type referenceInput struct {
	File string `path:"file"`
}

// getReference serves the page and its scripts. The compressed script is sent unchanged
// to clients that accept gzip.
func (a *API) getReference(w http.ResponseWriter, r *http.Request) {
	if a.APIDocs == "" {
		fail(w, &Problem{Status: http.StatusNotFound, Message: "this program does not contain the page; voxemu serve does, and Go programs with emulator.WithAPIDocs. " +
			"The descriptions are at /openapi.yaml and " + Prefix + "/openapi.yaml"})
		return
	}
	in := referenceInput{File: "index.html"}
	var err error
	if r.URL.Path == Prefix+"/docs/" {
		err = read(w, r, &nothing{})
	} else {
		err = read(w, r, &in)
	}
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Security-Policy", referencePolicy)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if in.File != "scalar.js" {
		http.ServeFileFS(w, r, referenceFiles, path.Join("reference", in.File))
		return
	}
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Vary", "Accept-Encoding")
	packed := strings.NewReader(a.APIDocs)
	var text io.Reader = packed
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
	} else if text, err = gzip.NewReader(packed); err != nil {
		fail(w, err)
		return
	}
	_, _ = io.Copy(w, text) // fails only if the client is gone
}
