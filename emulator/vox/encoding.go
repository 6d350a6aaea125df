package vox

// Encoding is how a request carries its parameters.
type Encoding string

// The encodings.
const (
	EncodingQuery      Encoding = "query" // in the URL
	EncodingURLEncoded Encoding = "urlencoded"
	EncodingMultipart  Encoding = "multipart"
	EncodingJSON       Encoding = "json"
)

// Encodings lists them.
func Encodings() []Encoding {
	return []Encoding{EncodingQuery, EncodingURLEncoded, EncodingMultipart, EncodingJSON}
}
