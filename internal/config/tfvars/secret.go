package tfvars

import "strings"

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
