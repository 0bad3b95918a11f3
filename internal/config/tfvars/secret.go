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
