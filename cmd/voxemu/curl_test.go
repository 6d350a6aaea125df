package main

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// curl implements what docs/year.sh and docs/ci.md use of curl.
func curl() {
	if err := transfer(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "curl:", err)
		os.Exit(1)
	}
}

func transfer(args []string) error {
	verb, target, body, header := "", "", "", http.Header{}
	for len(args) > 0 {
		option, value := args[0], ""
		if len(args) > 1 {
			value = args[1]
		}
		switch option {
		case "-sS":
			args = args[1:]
			continue
		case "-X":
			verb = value
		case "-d":
			body = value
		default:
			if target != "" || strings.HasPrefix(option, "-") {
				return fmt.Errorf("unknown option %s", option)
			}
			target, args = option, args[1:]
			continue
		}
		args = args[min(2, len(args)):]
	}
	if body != "" { // like curl
		verb = cmp.Or(verb, http.MethodPost)
		if header.Get("Content-Type") == "" {
			header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
	}
	r, err := http.NewRequest(verb, target, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header = header
	answer, err := (&http.Client{Timeout: time.Minute}).Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, err = io.Copy(os.Stdout, answer.Body)
	return err
}
