package main

import (
	"fmt"
	"strings"
)

// draw returns docs/performance-peers.svg: a pair of bars for each server, relative to
// serveFloor.
func draw(all []*server) string {
	const left, width, line = 110, 480, 44
	var out strings.Builder
	height := 60 + line*len(all)
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="700" height="%d" font-family="sans-serif" font-size="12">`+"\n", height)
	fmt.Fprintf(&out, `<rect width="700" height="%d" fill="white"/>`+"\n", height)
	colours := map[string]string{"create": "#4292c6", "list": "#9ecae1"}
	for i, s := range all {
		y := 16 + i*line
		fmt.Fprintf(&out, `<text x="%d" y="%d" text-anchor="end">%s</text>`+"\n", left-10, y+20, s.name)
		for k, name := range []string{"create", "list"} {
			f, floor := s.figures(name), all[0].figures(name)
			text, length := "not run", 0.0
			if f.perSecond > 0 && floor.perSecond > 0 {
				length = width * f.perSecond / floor.perSecond
				text = fmt.Sprintf("%s, %.0f/s", share(f, floor), f.perSecond)
			}
			fmt.Fprintf(&out, `<rect x="%d" y="%d" width="%.1f" height="14" fill="%s"/>`+"\n", left, y+k*16, length, colours[name])
			fmt.Fprintf(&out, `<text x="%.1f" y="%d" font-size="11">%s</text>`+"\n", left+length+6, y+k*16+11, text)
		}
	}
	for k, name := range []string{"create", "list"} {
		x := left + 140*k
		fmt.Fprintf(&out, `<rect x="%d" y="%d" width="12" height="12" fill="%s"/>`+"\n", x, height-28, colours[name])
		fmt.Fprintf(&out, `<text x="%d" y="%d">%s</text>`+"\n", x+18, height-18, map[string]string{"create": "a create", "list": "a list of 20"}[name])
	}
	out.WriteString("</svg>\n")
	return out.String()
}
