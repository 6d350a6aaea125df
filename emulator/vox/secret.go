package vox

import "bytes"

// secretWords define which parameters, members of JSON objects and parts of URL queries
// are secret: those whose name contains one of these words, in any spelling (api_key,
// apiKey, API-Key).
var secretWords = [...]string{
	"apikey", "password", "passwd", "sessionid", "privatekey", "serverkey", "salt",
	"authorization", "secret", "token", "credentials", "certcontent",
}

// IsSecretName reports whether values with this name are masked: api_key, password,
// user_password, account_password, parent_account_api_key, session_id, authorization,
// private_key, callback_salt and the like.
func IsSecretName(name string) bool {
	var room [64]byte
	letters := room[:0]
	for i := range len(name) {
		switch c := name[i]; {
		case 'A' <= c && c <= 'Z':
			letters = append(letters, c+'a'-'A')
		case 'a' <= c && c <= 'z':
			letters = append(letters, c)
		}
	}
	for _, word := range secretWords {
		if len(letters) >= len(word) && bytes.Contains(letters, []byte(word)) {
			return true
		}
	}
	return false
}
