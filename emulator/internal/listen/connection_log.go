package listen

import (
	"log/slog"
	"regexp"
	"strings"
)

// connectionLog takes what net/http says about connections.
type connectionLog struct{ logger *slog.Logger }

// refusedCertificate matches a TLS handshake that the client ended, probably because
// of the certificate. Go sends bad_certificate, Java certificate_unknown, OpenSSL
// (Python, Node, PHP, curl) unknown_ca; with TLS 1.3 it sends that in the clear, which
// crypto/tls takes for a record with a bad MAC.
var refusedCertificate = regexp.MustCompile(`TLS handshake error from (\S+): ` +
	`(remote error: tls: (?:unknown certificate authority|bad certificate|unknown certificate)|local error: tls: bad record MAC)`)

// Write logs a message, and for a client that refused the certificate what to do.
func (l connectionLog) Write(message []byte) (int, error) {
	text := strings.TrimSpace(string(message))
	if refused := refusedCertificate.FindStringSubmatch(text); refused != nil {
		l.logger.Warn(`a client seems not to trust the certificate of the emulator; have it trust the certificate authority: `+
			`start it after eval "$(voxemu env)", or see voxemu ca`, "client", refused[1], "reason", refused[2])
	} else {
		l.logger.Warn(text)
	}
	return len(message), nil
}
