package listen

import (
	"log/slog"
	"regexp"
	"strings"
)

// connectionLog receives net/http's messages on connections.
type connectionLog struct{ logger *slog.Logger }

// refusedCertificate matches a TLS handshake that the client ended, probably because it
// does not trust the certificate. Go sends bad_certificate, Java certificate_unknown,
// OpenSSL (Python, Node, PHP, curl) unknown_ca. With TLS 1.3 OpenSSL sends it
// unencrypted, which crypto/tls reports as a bad record MAC.
var refusedCertificate = regexp.MustCompile(`TLS handshake error from (\S+): ` +
	`(remote error: tls: (?:unknown certificate authority|bad certificate|unknown certificate)|local error: tls: bad record MAC)`)

// Write logs a message; if the client refused the certificate, with instructions.
func (l connectionLog) Write(message []byte) (int, error) {
	text := strings.TrimSpace(string(message))
	if refused := refusedCertificate.FindStringSubmatch(text); refused != nil {
		l.logger.Warn(`a client seems not to trust the certificate of the emulator; have it trust the certificate authority: `+
			`start it after eval "$(voxemu env)", or see voxemu ca; if it connects by a name of its own, start with --tls-name`, "client", refused[1], "reason", refused[2])
	} else {
		l.logger.Warn(text)
	}
	return len(message), nil
}
