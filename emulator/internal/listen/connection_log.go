package listen

import (
	"log/slog"
	"regexp"
	"strings"
)

// connectionLog takes what net/http says about connections.
type connectionLog struct{ logger *slog.Logger }

// refusedCertificate matches a TLS handshake that the client ended because of the
// certificate. OpenSSL (Python, Node, PHP, curl) sends unknown_ca, Go bad_certificate,
// Java certificate_unknown.
var refusedCertificate = regexp.MustCompile(`TLS handshake error from (\S+): (remote error: tls: (?:unknown certificate authority|bad certificate|unknown certificate))`)

// Write logs a message, and for a client that refused the certificate what to do.
func (l connectionLog) Write(message []byte) (int, error) {
	text := strings.TrimSpace(string(message))
	if refused := refusedCertificate.FindStringSubmatch(text); refused != nil {
		l.logger.Warn(`a client did not trust the certificate of the emulator; have it trust the certificate authority: `+
			`start it after eval "$(voxemu env)", or see voxemu ca`, "client", refused[1], "reason", refused[2])
	} else {
		l.logger.Warn(text)
	}
	return len(message), nil
}
