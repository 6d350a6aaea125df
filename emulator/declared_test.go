package emulator_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/journal"
)

const urlencoded = "application/x-www-form-urlencoded"

// part returns a multipart body with a user name in a part with a header.
func part(t *testing.T, header textproto.MIMEHeader, value string) (contentType string, body []byte) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	header.Set("Content-Disposition", `form-data; name="sip_username"`)
	field, err := w.CreatePart(header)
	if err == nil {
		_, err = field.Write([]byte(value))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), out.Bytes()
}

// What a client declares and the emulator does not honour is a warning and a mistake, also
// of a caller that is unknown.
func TestWhatIsDeclaredAndNotHonouredIsReported(t *testing.T) {
	base64Type, base64Body := part(t, textproto.MIMEHeader{"Content-Transfer-Encoding": {"base64"}}, "am9obg==")
	charsetType, charsetBody := part(t, textproto.MIMEHeader{"Content-Type": {"text/plain; charset=windows-1251"}}, "john")
	printableType, printableBody := part(t, textproto.MIMEHeader{"Content-Transfer-Encoding": {"quoted-printable"}}, "jo=68n")
	for name, c := range map[string]struct {
		header http.Header
		body   []byte
		want   string // "": nothing
	}{
		"gzip":                    {http.Header{"Content-Type": {urlencoded}, "Content-Encoding": {"gzip"}}, []byte("sip_username=john"), "Content-Encoding"},
		"gzip of JSON":            {http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"br"}}, []byte(`{}`), "Content-Encoding"},
		"identity":                {http.Header{"Content-Type": {urlencoded}, "Content-Encoding": {"identity"}}, []byte("sip_username=john"), ""},
		"a charset of a form":     {http.Header{"Content-Type": {urlencoded + "; charset=windows-1251"}}, []byte("sip_username=john"), "Content-Type"},
		"UTF-8":                   {http.Header{"Content-Type": {urlencoded + "; charset=UTF-8"}}, []byte("sip_username=john"), ""},
		"a charset of JSON":       {http.Header{"Content-Type": {"application/json; charset=utf-16"}}, []byte(`{}`), "Content-Type"},
		"a part in base64":        {http.Header{"Content-Type": {base64Type}}, base64Body, "Content-Transfer-Encoding of a part"},
		"a charset of a part":     {http.Header{"Content-Type": {charsetType}}, charsetBody, "Content-Type of a part"},
		"quoted-printable":        {http.Header{"Content-Type": {printableType}}, printableBody, ""},
		"a type that is not read": {http.Header{"Content-Type": {"text/xml"}}, []byte("<a/>"), "Content-Type"},
	} {
		for _, caller := range []string{"account_id=1&api_key=demo-key", "account_id=1&api_key=wrong", ""} {
			s := newServer(t, emulator.WithScenario("demo"))
			r := httptest.NewRequest(http.MethodPost, "/platform_api/GetSipRegistrations?"+caller, bytes.NewReader(c.body))
			r.Header = c.header.Clone()
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, r)
			noted := false
			for _, m := range s.Journal().Find(journal.Filter{Mistake: journal.ContractMistake}) {
				for _, mistake := range m.Mistakes {
					noted = noted || mistake.Parameter == c.want
				}
			}
			warned := strings.Contains(strings.Join(w.Header().Values("X-Voxemu-Warning"), "\n"), "want ")
			if wanted := c.want != ""; noted != wanted || warned != wanted {
				t.Errorf("%s, caller %q: noted %v, warned %q, want %q", name, caller, noted, w.Header().Values("X-Voxemu-Warning"), c.want)
			}
		}
	}
}

func TestATextHasOneVerdictInEveryEncoding(t *testing.T) {
	s := newServer(t, emulator.WithScenario("demo"))
	for name, c := range map[string]struct{ contentType, body string }{
		"form, bytes":        {urlencoded, "proxy=p&sip_username=a%FF"},
		"form, surrogate":    {urlencoded, "proxy=p&sip_username=a%ED%A0%BD"},
		"JSON, bytes":        {"application/json", "{\"proxy\":\"p\",\"sip_username\":\"a\xff\"}"},
		"JSON, surrogate":    {"application/json", `{"proxy":"p","sip_username":"a\ud83d"}`},
		"JSON, list":         {"application/json", `{"proxy":"p","sip_username":["a\ud83d"]}`},
		"multipart, bytes":   {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=proxy\r\n\r\np\r\n--x\r\nContent-Disposition: form-data; name=sip_username\r\n\r\na\xff\r\n--x--\r\n"},
		"form, a NUL":        {urlencoded, "proxy=p&sip_username=a%00"},
		"JSON, a NUL":        {"application/json", `{"proxy":"p","sip_username":"a\u0000"}`},
		"JSON, a NUL in hex": {"application/json", `{"proxy":"p","sip_username":"\u0061\u0000"}`},
	} {
		r := httptest.NewRequest(http.MethodPost, "/platform_api/CreateSipRegistration?account_id=1&api_key=demo-key", strings.NewReader(c.body))
		r.Header.Set("Content-Type", c.contentType)
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		if !strings.Contains(w.Body.String(), `"code":273`) {
			t.Errorf("%s: %s", name, w.Body)
		}
	}
}
