package vox

// Encoding is the way in which a request transmits its parameters.
type Encoding string

// The encodings of parameters.
const (
	EncodingQuery      Encoding = "query" // in the URL
	EncodingURLEncoded Encoding = "urlencoded"
	EncodingMultipart  Encoding = "multipart"
	EncodingJSON       Encoding = "json"
)

// Encodings returns all encodings.
func Encodings() []Encoding {
	return []Encoding{EncodingQuery, EncodingURLEncoded, EncodingMultipart, EncodingJSON}
}
