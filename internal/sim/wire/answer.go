package wire

import (
	"maps"
	"net/http"
	"strconv"
)

// answer is a finished HTTP answer.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// newAnswer makes an answer of one content type.
func newAnswer(status int, contentType string, body []byte) *answer {
	return &answer{status: status, header: http.Header{"Content-Type": {contentType}}, body: body}
}

// send writes the answer out; one to HEAD goes without its body.
func (a *answer) send(w http.ResponseWriter, method string) {
	h := w.Header()
	// unordered: headers are a map anyway
	maps.Copy(h, a.header)
	if h.Get("Content-Type") == "" {
		h["Content-Type"] = nil // or net/http guesses one
	}
	hasBody := a.status != http.StatusNoContent && a.status != http.StatusNotModified
	if hasBody && h.Get("Content-Length") == "" {
		h.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	if hasBody && method != http.MethodHead {
		_, _ = w.Write(a.body) // a client that hung up learns nothing more
	}
}
