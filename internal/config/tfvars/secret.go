package tfvars

import (
	"bytes"
	"regexp"
	"strings"
)

var webAddress = regexp.MustCompile(`https?://[^\s"]+`)

// hideWebPaths is a text of the same length with stars in place of what may be a secret in web addresses: user and
// password, and whatever stands behind the host.
func hideWebPaths(text []byte) []byte {
	return webAddress.ReplaceAllFunc(text, func(address []byte) []byte {
		out := bytes.Clone(address)
		from := bytes.Index(out, []byte("//")) + len("//")
		end := len(out)
		if i := bytes.IndexAny(out[from:], "/?#"); i >= 0 {
			end = from + i
		}
		if at := bytes.LastIndexByte(out[from:end], '@'); at >= 0 {
			star(out[from : from+at])
		}
		if end < len(out) {
			star(out[end+1:])
		}
		return out
	})
}

func star(text []byte) {
	for i := range text {
		text[i] = '*'
	}
}

// IsPrivateKey tells whether a text holds a private key, by the marks of the formats that people keep them in: PEM,
// OpenSSH (its body alone, too) and PuTTY.
func IsPrivateKey(text string) bool {
	for _, mark := range []string{"PRIVATE KEY", "PuTTY-User-Key-File", "b3BlbnNzaC1rZXktdjE"} {
		if strings.Contains(text, mark) {
			return true
		}
	}
	return false
}

// unsecret keeps a message that would quote a private key from doing so.
func unsecret(text string) string {
	if IsPrivateKey(text) {
		return "a private key stands here, which is not shown"
	}
	return text
}
