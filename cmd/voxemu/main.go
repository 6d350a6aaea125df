// Command voxemu serves an emulator of the SIPRegistration part of the
// Voximplant Management API and helps clients to reach it.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }
