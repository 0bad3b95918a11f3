package ec2

import (
	"bytes"
	"crypto/rsa"
	"encoding/base64"
	"encoding/binary"
	"math/big"
	"math/rand/v2"
)

// rsaKey makes a key pair of 2048 bits that depends on the dice alone; crypto/rsa would not let it.
func rsaKey(dice *rand.Rand) *rsa.PrivateKey {
	e := big.NewInt(65537)
	for {
		p, q := prime(dice), prime(dice)
		one := big.NewInt(1)
		phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
		d := new(big.Int).ModInverse(e, phi)
		if d == nil || p.Cmp(q) == 0 {
			continue
		}
		k := &rsa.PrivateKey{
			PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: int(e.Int64())},
			D:         d, Primes: []*big.Int{p, q},
		}
		k.Precompute()
		return k
	}
}

// prime finds a prime of 1024 bits, the two highest set, so that the product of two has 2048.
func prime(dice *rand.Rand) *big.Int {
	b := make([]byte, 128)
	for i := range b {
		b[i] = byte(dice.Uint32())
	}
	b[0] |= 0xc0
	b[len(b)-1] |= 1
	p, two := new(big.Int).SetBytes(b), big.NewInt(2)
	for !p.ProbablyPrime(0) { // exact below 2^64; beyond, no composite that passes is known
		p.Add(p, two)
	}
	return p
}

// sshBlob is a public key as OpenSSH sends it: strings, each after its length (RFC 4253, section 6.6).
func sshBlob(kind string, parts ...[]byte) []byte {
	var out []byte
	for _, p := range append([][]byte{[]byte(kind)}, parts...) {
		out = binary.BigEndian.AppendUint32(out, uint32(len(p)))
		out = append(out, p...)
	}
	return out
}

// sshLine is a public key as it stands in a file.
func sshLine(kind string, parts ...[]byte) string {
	return kind + " " + base64.StdEncoding.EncodeToString(sshBlob(kind, parts...))
}

// cutString takes the first string off a blob.
func cutString(blob []byte) (first, rest []byte, ok bool) {
	if len(blob) < 4 {
		return nil, nil, false
	}
	n := binary.BigEndian.Uint32(blob)
	if uint64(n) > uint64(len(blob)-4) {
		return nil, nil, false
	}
	return blob[4 : 4+n], blob[4+n:], true
}

// readSSHRSA reads the blob of an RSA key.
func readSSHRSA(blob []byte) (*rsa.PublicKey, bool) {
	kind, rest, ok := cutString(blob)
	if !ok || string(kind) != "ssh-rsa" {
		return nil, false
	}
	e, rest, ok := cutString(rest)
	if !ok || len(e) > 4 || len(e) == 0 {
		return nil, false
	}
	n, rest, ok := cutString(rest)
	if !ok || len(rest) > 0 || len(n) < 64 {
		return nil, false
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}, true
}

// mpint is a positive number as SSH sends it: without leading zeros, but with one where the first bit is set.
func mpint(b []byte) []byte {
	b = bytes.TrimLeft(b, "\x00")
	if len(b) > 0 && b[0]&0x80 != 0 {
		return append([]byte{0}, b...)
	}
	return b
}

func int64Bytes(n int) []byte { return big.NewInt(int64(n)).Bytes() }
