package stack

import (
	"regexp"
	"strings"

	"github.com/voxemu/voxemu/emulator/sip"
)

// longestText is the maximum length of a message in the journal, in bytes.
const longestText = 4096

// secret are the parts of digest authentication from which a password can be guessed.
var secret = regexp.MustCompile(`(?i)\b(response|cnonce|rspauth)="?[^",\r\n]*"?`)

// credentials are the values of headers that prove who somebody is.
var credentials = regexp.MustCompile(`(?im)^((?:(?:proxy-)?authorization|authentication-info)[ \t]*:)([^\r\n]*)`)

// masked returns a message without secrets.
func masked(text string) string {
	text = credentials.ReplaceAllStringFunc(text, func(line string) string {
		if name, value, _ := strings.Cut(line, ":"); !strings.HasPrefix(strings.ToLower(strings.TrimSpace(value)), "digest ") {
			return name + ": ***"
		}
		return secret.ReplaceAllString(line, `$1="***"`)
	})
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) > longestText {
		text = strings.ToValidUTF8(text[:longestText], "") + "…"
	}
	return text
}

func (at *attempt) log(sent bool, transport, peer, text string) {
	at.Message(sip.Message{
		RegistrationID: at.binding.RegistrationID, AccountID: at.binding.AccountID,
		Sent: sent, Transport: transport, Peer: peer, Text: masked(text),
	})
}
