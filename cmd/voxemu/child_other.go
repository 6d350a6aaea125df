//go:build !unix

package main

import (
	"os"
	"syscall"
)

// forwarded returns the signals that voxemu exec passes on.
func forwarded() []os.Signal { return []os.Signal{syscall.SIGINT, syscall.SIGTERM} }
