package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v4"
)

// service is what the check reads of a service of docs/sip-compose.yaml.
type service struct {
	Volumes []string
	Command []string
}

// checkCompose runs the commands of docs/sip-compose.yaml without containers: in a network
// of their own, in which the names of the services are loopback addresses, with the files
// of the volumes at their places. The images are not built.
func checkCompose(binary, folder string) error {
	text, err := os.ReadFile("docs/sip-compose.yaml")
	if err != nil {
		return err
	}
	var file struct{ Services map[string]service }
	if err := yaml.Unmarshal(text, &file); err != nil {
		return err
	}
	pbx, emulator, client := file.Services["pbx"], file.Services["voxemu"], file.Services["client"]
	if len(file.Services) != 3 || len(pbx.Command) == 0 || len(emulator.Command) == 0 || len(client.Command) == 0 {
		return errors.New("docs/sip-compose.yaml: want the services pbx, voxemu and client, each with a command")
	}
	program, err := filepath.Abs(binary)
	if err != nil {
		return err
	}
	folder = filepath.Join(folder, "compose")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	script := []string{"ip link set lo up"}
	for path, text := range map[string]string{
		"/etc/hosts":       "127.0.0.1 localhost\n127.0.0.2 pbx\n127.0.0.3 voxemu\n",
		"/etc/resolv.conf": "", // there is no name server
	} {
		own := filepath.Join(folder, filepath.Base(path))
		if err := os.WriteFile(own, []byte(text), 0o600); err != nil {
			return err
		}
		script = append(script, "mount --bind "+quote(own)+" "+path)
	}
	for _, volume := range pbx.Volumes {
		own, path, _ := strings.Cut(strings.TrimSuffix(volume, ":ro"), ":")
		if own, err = filepath.Abs(filepath.Join("docs", own)); err != nil {
			return err
		}
		script = append(script, "mount --bind "+quote(own)+" "+quote(path))
	}
	script = append(script,
		line(pbx.Command)+" & pbx=$!",
		line(append([]string{program}, emulator.Command...))+" & voxemu=$!",
		"trap 'kill $pbx $voxemu; wait' EXIT",
		line([]string{program, "wait", "--timeout", "20s"}), // the health check of docs/Dockerfile
		line(client.Command),
	)
	arguments := []string{"--net", "--mount"}
	if os.Geteuid() != 0 {
		arguments = append(arguments, "--user", "--map-root-user")
	}
	c := exec.Command("unshare", append(arguments, "bash", "-euc", strings.Join(script, "\n"))...)
	c.Env = append(os.Environ(), "VOXEMU_CONFIG_DIR="+folder, "NO_PROXY=*")
	out, err := c.CombinedOutput()
	if err == nil && !strings.Contains(string(out), "alice is registered at the PBX") {
		err = errors.New("the client does not say that alice is registered")
	}
	if err != nil {
		return fmt.Errorf("docs/sip-compose.yaml: %w\n%s", err, out)
	}
	fmt.Println("ok   docs/sip-compose.yaml: its client is refused by Kamailio, then registered")
	return nil
}

// line quotes a command of a compose file for the shell.
func line(command []string) string {
	words := make([]string, len(command))
	for i, word := range command {
		words[i] = quote(strings.ReplaceAll(word, "$$", "$"))
	}
	return strings.Join(words, " ")
}

func quote(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }
