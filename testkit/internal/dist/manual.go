package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// manual is what the program says about itself, as files beside it.
type manual struct {
	completions map[string]string // by shell
	pages       map[string]string // by name, such as voxemu-serve.1
}

// completionNames are the names under which shells look for completions.
func completionNames() map[string]string {
	return map[string]string{"bash": "voxemu.bash", "zsh": "_voxemu", "fish": "voxemu.fish", "powershell": "voxemu.ps1"}
}

// describe asks the program for completions and help.
func (r *release) describe() error {
	program, err := r.own()
	if err != nil {
		return err
	}
	r.manual = manual{completions: map[string]string{}, pages: map[string]string{}}
	for shell := range completionNames() {
		if r.manual.completions[shell], err = r.say(program, "completion", shell); err != nil {
			return err
		}
	}
	return r.page(program, nil)
}

// say returns what the program prints. Its help names the default of the user's
// configuration folder nowhere, and the width of the terminal does not matter.
func (r *release) say(program string, args ...string) (string, error) {
	command := exec.Command(program, args...)
	command.Env = append(os.Environ(), "VOXEMU_CONFIG_DIR="+filepath.Join(r.work, "config"), "NO_COLOR=1")
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", program, strings.Join(args, " "), err)
	}
	return string(out), nil
}

// listed matches a line of the help that names a command.
var listed = regexp.MustCompile(`(?m)^  ([a-z-]+) {2,}(\S.*)$`)

// page makes the manual page of a command and of those below it.
func (r *release) page(program string, command []string) error {
	help, err := r.say(program, append([]string{"help"}, command...)...)
	if err != nil {
		return err
	}
	name := strings.Join(append([]string{"voxemu"}, command...), "-")
	short, _, _ := strings.Cut(strings.TrimSpace(help), "\n")
	r.manual.pages[name+".1"] = roff(name, strings.TrimSuffix(short, "."), help, r.date.Format("2006-01-02"), r.version)
	_, below, _ := strings.Cut(help, "\nUsage:")
	below, _, _ = strings.Cut(below, "\nFlags:") // flags look like commands
	for _, found := range listed.FindAllStringSubmatch(below, -1) {
		if found[1] == "help" || found[1] == "completion" || found[1] == "voxemu" {
			continue
		}
		if err := r.page(program, append(append([]string{}, command...), found[1])); err != nil {
			return err
		}
	}
	return nil
}

// roff returns a manual page with a command's help as it is.
func roff(name, short, help, date, version string) string {
	escape := strings.NewReplacer(`\`, `\e`, "-", `\-`, "\n.", "\n\\&.", "\n'", "\n\\&'").Replace
	return fmt.Sprintf(".TH %s 1 %s \"voxemu %s\"\n.SH NAME\n%s \\- %s\n.SH DESCRIPTION\n.nf\n%s.fi\n",
		strings.ToUpper(escape(name)), date, version, escape(name), escape(short), escape(help))
}
