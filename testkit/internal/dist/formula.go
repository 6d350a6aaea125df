package main

import (
	"fmt"
	"path/filepath"
	"strings"
)

// formula writes the Homebrew formula for the archives of macOS and Linux that were made.
func (r *release) formula() error {
	var systems []string
	for _, system := range []struct{ os, homebrew string }{{"darwin", "macos"}, {"linux", "linux"}} {
		var arches []string
		for _, p := range r.targets {
			if p.os != system.os {
				continue
			}
			name := r.stem(p) + ".tar.gz"
			sum, err := checksum(filepath.Join(r.out, name))
			if err != nil {
				return err
			}
			cpu := map[string]string{"amd64": "intel", "arm64": "arm"}[p.arch]
			arches = append(arches, fmt.Sprintf("    on_%s do\n      url \"https://github.com/voxemu/voxemu/releases/download/v%s/%s\"\n      sha256 \"%s\"\n    end\n", cpu, r.version, name, sum))
		}
		if len(arches) > 0 {
			systems = append(systems, fmt.Sprintf("  on_%s do\n%s  end\n\n", system.homebrew, strings.Join(arches, "")))
		}
	}
	if len(systems) == 0 {
		return nil
	}
	text := `class Voxemu < Formula
  desc "Emulator of the SIP registration part of the Voximplant Management API"
  homepage "https://github.com/voxemu/voxemu"
  version "` + r.version + `"
  license "MIT"

` + strings.Join(systems, "") + `  def install
    bin.install "voxemu"
    man1.install Dir["man/man1/*"]
    bash_completion.install "completions/voxemu.bash" => "voxemu"
    zsh_completion.install "completions/_voxemu"
    fish_completion.install "completions/voxemu.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/voxemu version")
  end
end
`
	return r.write("voxemu.rb", []byte(text))
}
