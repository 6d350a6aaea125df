package scenarios

import "encoding/json"

// object reports a text that is neither empty nor a JSON object.
func (c checker) object(field, text string) {
	var members map[string]json.RawMessage
	if text != "" && (json.Unmarshal([]byte(text), &members) != nil || members == nil) {
		c.refuse(field, `want a JSON object such as {"user_id": 77}, or none`)
	}
}
