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

// secretSetting is a name that sounds like a secret, and what it is set to: a text, or a word without quotes.
var secretSetting = regexp.MustCompile(`(?i)([a-z0-9_-]*(?:passw|passphrase|secret|token|auth|credential|api_?key)[a-z0-9_-]*|\bpass|\bpwd)"?[ \t]*[=:][ \t]*` +
	`("(?:[^"\\\n]|\\.)*|[^\s",{}\[\]]+)`)

// hideSecrets is a text of the same length with stars in place of what settings with such names are set to, whether they exist
// or not. Names that end in _env, _file or _arn say where a secret is, and not what.
func hideSecrets(text []byte) []byte {
	out := bytes.Clone(text)
	for _, at := range secretSetting.FindAllSubmatchIndex(text, -1) {
		name, from := strings.ToLower(string(text[at[2]:at[3]])), at[4]
		if strings.HasSuffix(name, "_env") || strings.HasSuffix(name, "_file") || strings.HasSuffix(name, "_arn") {
			continue
		}
		if out[from] == '"' {
			from++
		}
		star(out[from:at[5]])
	}
	return out
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
