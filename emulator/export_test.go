package emulator

// Subscribe is what the control door's events come from.
var Subscribe = (*Server).subscribe
