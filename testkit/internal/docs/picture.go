package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/voxemu/voxemu/testkit/internal/layers"
)

// layersPicture draws a row for each layer. It draws only imports within a row, below it;
// all others point down.
func layersPicture() string {
	const left, width, gap, height, row = 100, 96, 8, 26, 56
	all := layers.All()
	widest := 0
	for _, layer := range all {
		widest = max(widest, len(layer.Packages))
	}
	x := func(i int) int { return left + i*(width+gap) }
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">`+"\n", x(widest), 40+row*len(all))
	out.WriteString(`<defs><marker id="tip" markerWidth="7" markerHeight="7" refX="6" refY="3.5" orient="auto"><path d="M0,0 L7,3.5 L0,7 z" fill="#555"/></marker></defs>` + "\n")
	fmt.Fprintf(&out, `<rect width="100%%" height="100%%" fill="white"/>`+"\n")
	for i, layer := range all {
		y := 12 + i*row
		fmt.Fprintf(&out, `<text x="8" y="%d" fill="#555">%s</text>`+"\n", y+17, layer.Name)
		for k, p := range layer.Packages {
			fill, name := "#deebf7", p.Name()
			if !strings.Contains(p.Path, "internal/") {
				fill = "#9ecae1"
			}
			if name == "." {
				name = "openapi.yaml"
			}
			fmt.Fprintf(&out, `<rect x="%d" y="%d" width="%d" height="%d" rx="4" fill="%s"><title>%s imports: %s</title></rect>`+"\n",
				x(k), y, width, height, fill, p.Path, strings.Join(p.Imports(), ", "))
			fmt.Fprintf(&out, `<text x="%d" y="%d" text-anchor="middle">%s</text>`+"\n", x(k)+width/2, y+17, name)
			for other, q := range layer.Packages {
				if slices.Contains(p.Imports(), q.Name()) {
					from, to := x(k)+width*2/3, x(other)+width/3
					fmt.Fprintf(&out, `<path d="M%d,%d Q%d,%d %d,%d" fill="none" stroke="#555" marker-end="url(#tip)"/>`+"\n",
						from, y+height, (from+to)/2, y+height+20+6*(other-k-1), to, y+height+1)
				}
			}
		}
	}
	fmt.Fprintf(&out, `<text x="8" y="%d" fill="#555">Imports point down, or along an arrow. Dark: public packages; light: internal ones.</text>`+"\n", 28+row*len(all))
	out.WriteString("</svg>\n")
	return out.String()
}
