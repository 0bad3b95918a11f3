package ec2

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// ed25519Line is the public half of a key that was thrown away.
const ed25519Line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ops@example.com"

func TestCreatedRSAKeyIsOneAndItsPublicHalfCanBeImported(t *testing.T) {
	s := newSite(t, "eu-west-1")
	made := do(s, CreateKeyPair, &ec2.CreateKeyPairInput{KeyName: aws.String("made")})
	block, _ := pem.Decode([]byte(*made.KeyMaterial))
	private, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "bits", private.N.BitLen(), 2048)
	same(t, "fingerprint's length", len(*made.KeyFingerprint), 59) // SHA-1
	info := do(s, DescribeKeyPairs, &ec2.DescribeKeyPairsInput{KeyNames: []string{"made"}, IncludePublicKey: aws.Bool(true)}).KeyPairs[0]
	same(t, "type", info.KeyType, types.KeyTypeRsa)
	taken := do(s, ImportKeyPair, &ec2.ImportKeyPairInput{KeyName: aws.String("taken"), PublicKeyMaterial: []byte(*info.PublicKey)})
	same(t, "fingerprint's length", len(*taken.KeyFingerprint), 47) // MD5
	if same := isKey(*info.PublicKey, &private.PublicKey); !same {
		t.Error("the public half is another key's")
	}
}

func isKey(line string, k *rsa.PublicKey) bool { return line == sshRSA(k) }

func TestKeyPairsAreTheSameForTheSameSeed(t *testing.T) {
	var seen []string
	for range 2 {
		s := newSite(t, "eu-west-1")
		out := do(s, CreateKeyPair, &ec2.CreateKeyPairInput{KeyName: aws.String("k"), KeyType: types.KeyTypeEd25519})
		seen = append(seen, *out.KeyMaterial+*out.KeyFingerprint+*out.KeyPairId)
	}
	same(t, "second", seen[1], seen[0])
	wants(t, seen[0], "-----BEGIN PRIVATE KEY-----")
}

func TestKeyPairsAreRefusedWithEC2sCodes(t *testing.T) {
	s := newSite(t, "eu-west-1")
	imported := func(name, key string) *ec2.ImportKeyPairInput {
		return &ec2.ImportKeyPairInput{KeyName: aws.String(name), PublicKeyMaterial: []byte(key)}
	}
	do(s, ImportKeyPair, imported("ops", ed25519Line))
	refused(s, ImportKeyPair, imported("ops", ed25519Line), "InvalidKeyPair.Duplicate")
	refused(s, ImportKeyPair, imported("", ed25519Line), "MissingParameter")
	refused(s, ImportKeyPair, imported("x", ""), "MissingParameter")
	for _, key := range []string{
		"hello", "ssh-rsa", "ssh-rsa !!!", "ssh-rsa AAAA", "ssh-dss AAAAB3NzaC1kc3M=",
		strings.Replace(ed25519Line, "ssh-ed25519", "ssh-rsa", 1), strings.Replace(ed25519Line, "HR4f", "", 1),
		"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAAgAB",
	} {
		_, err := ImportKeyPair(s.Call, imported("bad", key))
		if err == nil {
			t.Errorf("%s was taken", key)
			continue
		}
		_ = refusal(t, err, "InvalidKey.Format")
	}
	refused(s, CreateKeyPair, &ec2.CreateKeyPairInput{KeyName: aws.String("x"), KeyType: "dsa"}, "InvalidParameterValue")
	refused(s, CreateKeyPair, &ec2.CreateKeyPairInput{KeyName: aws.String("x"), KeyFormat: types.KeyFormatPpk}, "UnsupportedOperation")
	refused(s, DescribeKeyPairs, &ec2.DescribeKeyPairsInput{KeyNames: []string{"none"}}, "InvalidKeyPair.NotFound")
}

func TestDeletingAnUnknownKeyPairSucceeds(t *testing.T) {
	s := newSite(t, "eu-west-1")
	made := do(s, ImportKeyPair, &ec2.ImportKeyPairInput{KeyName: aws.String("ops"), PublicKeyMaterial: []byte(ed25519Line)})
	out := do(s, DeleteKeyPair, &ec2.DeleteKeyPairInput{KeyName: aws.String("ops")})
	same(t, "id", *out.KeyPairId, *made.KeyPairId)
	do(s, DeleteKeyPair, &ec2.DeleteKeyPairInput{KeyName: aws.String("ops")})
	same(t, "left", len(do(s, DescribeKeyPairs, &ec2.DescribeKeyPairsInput{}).KeyPairs), 0)
	refused(s, DeleteKeyPair, &ec2.DeleteKeyPairInput{}, "MissingParameter")
}
