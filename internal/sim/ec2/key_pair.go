package ec2

import (
	"crypto/ed25519"
	"crypto/md5" // AWS's fingerprint of imported keys
	"crypto/rsa"
	"crypto/sha1" // AWS's fingerprint of the keys it made
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

func keyKind() listing.Kind[world.KeyPair] {
	return listing.Kind[world.KeyPair]{
		Resource: types.ResourceTypeKeyPair, Prefix: "key", Missing: "InvalidKeyPair.NotFound",
		Text:  "The key pair with ID '%s' does not exist",
		Table: func(r *world.Region) *world.Table[world.KeyPair] { return &r.EC2.KeyPairs },
		Tags:  func(k *world.KeyPair) *world.Tags { return &k.Tags },
	}
}

// keyByName finds a key pair by its name.
func keyByName(r *world.Region, name string) (*world.KeyPair, error) {
	for k := range r.EC2.KeyPairs.Rows() {
		if k.Name == name {
			return k, nil
		}
	}
	return nil, wire.Errorf("InvalidKeyPair.NotFound", "The key pair '%s' does not exist", name)
}

// newKey checks what both ways to a key pair have in common and gives the row without its key.
func newKey(c *world.Call, name *string, specs []types.TagSpecification) (*world.KeyPair, error) {
	text := aws.ToString(name)
	switch {
	case text == "":
		return nil, listing.Missing("KeyName")
	case len(text) > 255:
		return nil, listing.Invalid("Value (%s) for parameter KeyName is invalid. The name has more than 255 characters.", text)
	}
	if _, err := keyByName(c.Region, text); err == nil {
		return nil, wire.Errorf("InvalidKeyPair.Duplicate", "The keypair already exists")
	}
	tags, err := listing.SpecTags(specs, types.ResourceTypeKeyPair)
	return &world.KeyPair{Name: text, Tags: tags, CreatedAt: c.Now()}, err
}

// CreateKeyPair makes a key pair; its answer is the only place where the private key ever shows.
func CreateKeyPair(c *world.Call, in *ec2.CreateKeyPairInput) (*ec2.CreateKeyPairOutput, error) {
	k, err := newKey(c, in.KeyName, in.TagSpecifications)
	if err != nil {
		return nil, err
	}
	if in.KeyFormat == types.KeyFormatPpk {
		return nil, listing.Unsimulated("key pairs in PuTTY's format")
	}
	var private string
	switch in.KeyType {
	case "", types.KeyTypeRsa:
		private, err = createRSA(c.World, k)
	case types.KeyTypeEd25519:
		private, err = createEd25519(c.World, k)
	default:
		err = listing.Invalid("Value (%s) for parameter KeyType is invalid.", in.KeyType)
	}
	if err != nil {
		return nil, err
	}
	keep(c, k)
	return &ec2.CreateKeyPairOutput{
		KeyPairId: aws.String(k.ID), KeyName: aws.String(k.Name), KeyFingerprint: aws.String(k.Fingerprint),
		KeyMaterial: aws.String(private), Tags: listing.ToTags(k.Tags),
	}, nil
}

func keep(c *world.Call, k *world.KeyPair) {
	k.ID = c.NewID("key")
	c.Region.EC2.KeyPairs.Put(k.ID, k)
}

func createRSA(w *world.World, k *world.KeyPair) (string, error) {
	private := rsaKey(w.Dice("ec2.key-pair"))
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return "", wire.Errorf("InternalError", "An internal error has occurred: %s", err).WithStatus(500)
	}
	k.Type, k.PublicKey = "rsa", sshRSA(&private.PublicKey)
	sum := sha1.Sum(der) // a fingerprint, not a protection
	k.Fingerprint = colons(sum[:])
	return pemText("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(private)), nil
}

func createEd25519(w *world.World, k *world.KeyPair) (string, error) {
	dice := w.Dice("ec2.key-pair")
	seed := make([]byte, ed25519.SeedSize)
	for i := range seed {
		seed[i] = byte(dice.Uint32())
	}
	private := ed25519.NewKeyFromSeed(seed)
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return "", wire.Errorf("InternalError", "An internal error has occurred: %s", err).WithStatus(500)
	}
	public, _ := private.Public().(ed25519.PublicKey)
	k.Type, k.PublicKey = "ed25519", sshLine("ssh-ed25519", public)
	k.Fingerprint = sshFingerprint(sshBlob("ssh-ed25519", public))
	return pemText("PRIVATE KEY", der), nil
}

func pemText(kind string, der []byte) string {
	return strings.TrimSuffix(string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})), "\n")
}

// ImportKeyPair takes the public key of a pair that was made elsewhere, in OpenSSH's form.
func ImportKeyPair(c *world.Call, in *ec2.ImportKeyPairInput) (*ec2.ImportKeyPairOutput, error) {
	k, err := newKey(c, in.KeyName, in.TagSpecifications)
	if err != nil {
		return nil, err
	}
	if len(in.PublicKeyMaterial) == 0 {
		return nil, listing.Missing("PublicKeyMaterial")
	}
	if err := readPublicKey(k, string(in.PublicKeyMaterial)); err != nil {
		return nil, err
	}
	keep(c, k)
	return &ec2.ImportKeyPairOutput{
		KeyPairId: aws.String(k.ID), KeyName: aws.String(k.Name), KeyFingerprint: aws.String(k.Fingerprint), Tags: listing.ToTags(k.Tags),
	}, nil
}

func readPublicKey(k *world.KeyPair, line string) error {
	bad := wire.Errorf("InvalidKey.Format", "Key is not in valid OpenSSH public key format")
	words := strings.Fields(line)
	if len(words) < 2 {
		return bad
	}
	blob, err := base64.StdEncoding.DecodeString(words[1])
	if err != nil {
		return bad
	}
	k.PublicKey = strings.TrimSpace(line)
	switch words[0] {
	case "ssh-rsa":
		public, ok := readSSHRSA(blob)
		if !ok {
			return bad
		}
		der, err := x509.MarshalPKIXPublicKey(public)
		if err != nil {
			return bad
		}
		sum := md5.Sum(der) // a fingerprint, not a protection
		k.Type, k.Fingerprint = "rsa", colons(sum[:])
	case "ssh-ed25519":
		name, rest, ok := cutString(blob)
		if public, end, more := cutString(rest); !ok || !more || string(name) != words[0] || len(public) != ed25519.PublicKeySize || len(end) > 0 {
			return bad
		}
		k.Type, k.Fingerprint = "ed25519", sshFingerprint(blob)
	default:
		return bad
	}
	return nil
}

// colons prints a digest as AWS prints fingerprints of RSA keys.
func colons(sum []byte) string {
	out := make([]string, 0, len(sum))
	for _, b := range sum {
		out = append(out, hex.EncodeToString([]byte{b}))
	}
	return strings.Join(out, ":")
}

// sshFingerprint is AWS's fingerprint of ED25519 keys: SHA-256 of the public key as OpenSSH sends it.
func sshFingerprint(blob []byte) string {
	sum := sha256.Sum256(blob)
	return base64.StdEncoding.EncodeToString(sum[:])
}

func sshRSA(k *rsa.PublicKey) string {
	return sshLine("ssh-rsa", mpint(int64Bytes(k.E)), mpint(k.N.Bytes()))
}

// DescribeKeyPairs lists key pairs by name, by id, or all.
func DescribeKeyPairs(c *world.Call, in *ec2.DescribeKeyPairsInput) (*ec2.DescribeKeyPairsOutput, error) {
	ids := slices.Clone(in.KeyPairIds)
	for _, name := range in.KeyNames {
		k, err := keyByName(c.Region, name)
		if err != nil {
			return nil, err
		}
		ids = append(ids, k.ID)
	}
	rows, _, err := keyKind().List(c.Region, listing.Query[world.KeyPair]{IDs: ids, Filters: in.Filters, Known: listing.Fields[world.KeyPair]{
		"fingerprint": func(k *world.KeyPair) []string { return listing.One(k.Fingerprint) },
		"key-name":    func(k *world.KeyPair) []string { return listing.One(k.Name) },
		"key-pair-id": func(k *world.KeyPair) []string { return listing.One(k.ID) },
	}})
	if err != nil {
		return nil, err
	}
	out := listing.Each(rows, func(k *world.KeyPair) types.KeyPairInfo {
		info := types.KeyPairInfo{
			KeyPairId: aws.String(k.ID), KeyName: aws.String(k.Name), KeyFingerprint: aws.String(k.Fingerprint),
			KeyType: types.KeyType(k.Type), CreateTime: aws.Time(k.CreatedAt), Tags: listing.ToTags(k.Tags),
		}
		if aws.ToBool(in.IncludePublicKey) {
			info.PublicKey = aws.String(k.PublicKey)
		}
		return info
	})
	return &ec2.DescribeKeyPairsOutput{KeyPairs: out}, nil
}

// DeleteKeyPair removes a key pair; an unknown one is fine.
func DeleteKeyPair(c *world.Call, in *ec2.DeleteKeyPairInput) (*ec2.DeleteKeyPairOutput, error) {
	id := aws.ToString(in.KeyPairId)
	if id == "" && aws.ToString(in.KeyName) == "" {
		return nil, listing.Missing("KeyName")
	}
	if k, err := keyByName(c.Region, aws.ToString(in.KeyName)); err == nil && id == "" {
		id = k.ID
	}
	c.Region.EC2.KeyPairs.Delete(id)
	return &ec2.DeleteKeyPairOutput{Return: aws.Bool(true), KeyPairId: listing.Filled(id)}, nil
}
