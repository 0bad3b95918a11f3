package config

import (
	"encoding/base64"
	"encoding/binary"
	"math/bits"
	"strconv"
	"strings"

	"berth/internal/config/tfvars"
)

// leastRSA is how many bits an RSA key needs that shall hold for years (NIST SP 800-57, part 1).
const leastRSA = 2048

// publicKey reads the SSH key of a group. What stands there is never quoted: it might be the private one.
func (s settings) publicKey() string {
	v := s.values["ssh_public_key"]
	text, ok := s.text("ssh_public_key")
	key := strings.TrimSpace(text)
	if !ok || key == "" {
		return ""
	}
	if f := checkPublicKey(key); f != nil {
		f.Summary = v.Path + " " + f.Summary
		s.Fail(v.At, *f)
		return ""
	}
	return key
}

func checkPublicKey(key string) *Fault {
	const hint = `write the text of the .pub file: ssh_public_key = "ssh-ed25519 AAAA… name"`
	words := strings.Fields(key)
	switch {
	case tfvars.IsPrivateKey(key):
		return &Fault{
			Code: codePrivateKey, Summary: "is a private key",
			Detail: "Whoever read this file can log in as its owner: take the key out of use.", Hint: "make a new pair: ssh-keygen -t ed25519\n" + hint,
		}
	case strings.ContainsAny(key, "\r\n"):
		return &Fault{Code: codePublicKey, Summary: "has more than one line", Detail: "A group takes one key.", Hint: hint}
	case len(words) < 2 || words[0] != "ssh-ed25519" && words[0] != "ssh-rsa":
		return &Fault{Code: codePublicKey, Summary: "is no public key that EC2 takes", Detail: "EC2 takes keys of type ssh-ed25519 and ssh-rsa in OpenSSH's form.", Hint: hint}
	}
	parts, whole := keyParts(words[0], words[1])
	switch {
	case !whole:
		return &Fault{Code: codePublicKey, Summary: "is not whole", Detail: "Its second word is no " + words[0] + " key.", Hint: hint}
	case words[0] == "ssh-rsa" && bitsOf(parts[2]) < leastRSA:
		return &Fault{
			Code: codePublicKey, Summary: "has " + strconv.Itoa(bitsOf(parts[2])) + " bits, and " + strconv.Itoa(leastRSA) + " are the least",
			Hint: "make a new pair: ssh-keygen -t ed25519",
		}
	}
	return nil
}

// keyParts are the parts of a key of one of EC2's types: its name first, then the numbers that it is made of.
func keyParts(kind, text string) (parts [][]byte, whole bool) {
	blob, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, false
	}
	parts, whole = sshParts(blob)
	if !whole || len(parts) == 0 || string(parts[0]) != kind {
		return nil, false
	}
	if kind == "ssh-ed25519" {
		return parts, len(parts) == 2 && len(parts[1]) == 32
	}
	return parts, len(parts) == 3
}

// sshParts cuts a key as OpenSSH sends it: parts with their length before them (RFC 4253, section 6.6).
func sshParts(blob []byte) (parts [][]byte, whole bool) {
	for len(blob) > 0 {
		if len(blob) < 4 {
			return parts, false
		}
		n := binary.BigEndian.Uint32(blob)
		if blob = blob[4:]; uint64(n) > uint64(len(blob)) {
			return parts, false
		}
		parts, blob = append(parts, blob[:n]), blob[n:]
	}
	return parts, true
}

// bitsOf is how long a whole number is.
func bitsOf(n []byte) int {
	for len(n) > 0 && n[0] == 0 {
		n = n[1:]
	}
	if len(n) == 0 {
		return 0
	}
	return 8*(len(n)-1) + bits.Len8(n[0])
}

// oneKey refuses a key of one's own beside the name of another.
func (s settings) oneKey(g Group) {
	if v := s.values["ssh_public_key"]; g.KeyName != "" && g.SSHPublicKey != "" {
		s.Fail(v.At, Fault{
			Code: codeNotHere, Summary: v.Path + " stands beside key_name = " + tfvars.Quote(g.KeyName), Detail: "An instance starts with one key.",
			Hint: "keep one of the two",
		})
	}
}
