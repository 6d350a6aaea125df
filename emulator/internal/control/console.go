package control

import (
	"embed"
	"net/http"
	"path"
	"strings"
)

// consoleFiles are the console: a page that shows the emulator live and changes it. It
// uses the control API only.
//
//go:embed console
var consoleFiles embed.FS

// consolePolicy allows the page's own files and this server only.
const consolePolicy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// consolePath is the path of the console.
const consolePath = Prefix + "/console/"

type consoleInput struct {
	File string `path:"file"`
}

// getConsole serves the files of the console. They contain no data, so they need no token.
func (a *API) getConsole(w http.ResponseWriter, r *http.Request) {
	in := consoleInput{File: "index.html"}
	var err error
	if r.URL.Path == consolePath {
		err = read(w, r, &nothing{})
	} else {
		err = read(w, r, &in)
	}
	if err == nil && a.Settings.NoConsole {
		err = &Problem{Status: http.StatusNotFound, Message: "the console is off; start voxemu serve with --console, or without --no-console and --expose"}
	}
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Security-Policy", consolePolicy)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-cache") // another version can listen at the same address
	http.ServeFileFS(w, r, consoleFiles, path.Join("console", in.File))
}

// Welcome redirects browsers that open / to the console, if there is one. All other
// requests go to next.
func (a *API) Welcome(next http.Handler) http.Handler {
	if a.Settings.NoConsole {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reads := r.Method == http.MethodGet || r.Method == http.MethodHead
		if r.URL.Path != "/" || !reads || !strings.Contains(r.Header.Get("Accept"), "text/html") {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Vary", "Accept")
		http.Redirect(w, r, consolePath, http.StatusFound)
	})
}
