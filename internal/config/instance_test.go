package config_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/config"
)

// rsaKey is a public key of that many bits as ssh-keygen writes it.
func rsaKey(t *testing.T, bits int) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	var blob []byte
	for _, part := range [][]byte{[]byte("ssh-rsa"), big.NewInt(int64(key.E)).Bytes(), append([]byte{0}, key.N.Bytes()...)} {
		blob = append(binary.BigEndian.AppendUint32(blob, uint32(len(part))), part...)
	}
	return "ssh-rsa " + base64.StdEncoding.EncodeToString(blob)
}

func TestKeysAsSSHKeygenWritesThemAreTaken(t *testing.T) {
	bare := strings.TrimSuffix(publicKey, " ops")
	for _, key := range []string{publicKey, bare, bare + " somebody at a laptop", rsaKey(t, 2048), rsaKey(t, 3072) + " ops"} {
		for _, name := range []string{"ssh_public_key", "key_pair_public_key"} {
			c := load(t, minimal+name+" = <<END\n"+key+"\nEND\n")
			if got := c.Groups[0].SSHPublicKey; got != key {
				t.Errorf("%q, want %q", got, key)
			}
		}
	}
}

func TestAGroupsOwnWayToNameAKeyTakesThePlaceOfTheTopLevels(t *testing.T) {
	c := load(t, minimal+`
key_name = "ops"
instance_groups = {
  a = { max_size = 1 }
  b = { max_size = 1, ssh_public_key = "`+publicKey+`" }
}
`)
	if a, b := c.Groups[1], c.Groups[2]; a.KeyName != "ops" || a.SSHPublicKey != "" || b.KeyName != "" || b.SSHPublicKey != publicKey {
		t.Error(a, b)
	}
	c = load(t, minimal+`
ssh_public_key = "`+publicKey+`"
instance_groups = {
  a = { max_size = 1, key_name = "ops" }
  b = { max_size = 1, ssh_public_key = "" }
}
`)
	if a, b := c.Groups[1], c.Groups[2]; a.KeyName != "ops" || a.SSHPublicKey != "" || b.KeyName+b.SSHPublicKey != "" {
		t.Error(a, b)
	}
}

func TestTheFamilyOfATypeTellsItsAccelerators(t *testing.T) {
	for name, want := range map[string]string{
		"p3.2xlarge": config.GPU, "p4de.24xlarge": config.GPU, "p5.48xlarge": config.GPU, "p5en.48xlarge": config.GPU, "g4dn.xlarge": config.GPU, "g5.xlarge": config.GPU,
		"g5g.xlarge": config.GPU, "g6e.xlarge": config.GPU, "gr6.4xlarge": config.GPU, "g3s.xlarge": config.GPU,
		"inf1.xlarge": config.Neuron, "inf2.xlarge": config.Neuron, "trn1n.32xlarge": config.Neuron, "trn2.48xlarge": config.Neuron,
		"g4ad.xlarge": "", "m7g.large": "", "c7gn.large": "", "t4g.micro": "", "hpc7g.4xlarge": "", "i4g.large": "", "im4gn.large": "", "m7i.large": "", "dl1.24xlarge": "",
	} {
		if got := config.Accelerator(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// figures are what EBS takes, in other words than the code's.
func takes(kind string, size, iops, throughput int) bool {
	within := func(n, least, most int) bool { return n >= least && n <= most }
	switch kind {
	case "gp3":
		return within(size, 30, 65536) && (iops == 0 || within(iops, 3000, min(80000, 500*size))) &&
			(throughput == 0 || within(throughput, 125, min(2000, max(iops, 3000)/4)))
	case "gp2":
		return within(size, 30, 16384) && iops+throughput == 0
	case "io1":
		return within(size, 30, 16384) && within(iops, 100, min(64000, 50*size)) && throughput == 0
	default:
		return within(size, 30, 65536) && within(iops, 100, min(256000, 1000*size)) && throughput == 0
	}
}

func TestSafetyAVolumeIsTakenExactlyWhenEBSTakesIt(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		kind := rapid.SampledFrom([]string{"gp3", "gp2", "io1", "io2"}).Draw(rt, "type")
		size := rapid.OneOf(rapid.IntRange(28, 40), rapid.IntRange(16380, 16390), rapid.IntRange(65530, 65540), rapid.IntRange(30, 300)).Draw(rt, "size")
		iops := rapid.OneOf(rapid.Just(0), rapid.IntRange(98, 102), rapid.IntRange(2990, 3010), rapid.IntRange(63999, 80002), rapid.IntRange(255990, 256010), rapid.IntRange(3000, 20000)).Draw(rt, "iops")
		throughput := rapid.OneOf(rapid.Just(0), rapid.IntRange(120, 130), rapid.IntRange(740, 760), rapid.IntRange(1995, 2005)).Draw(rt, "throughput")
		volume := fmt.Sprintf("volume={ type = %q, size_gib = %d", kind, size)
		if iops > 0 {
			volume += fmt.Sprintf(", iops = %d", iops)
		}
		if throughput > 0 {
			volume += fmt.Sprintf(", throughput = %d", throughput)
		}
		c, faults := config.Load(config.Sources{Vars: settings(prefix("10.0.0.0/16"), 2, volume+" }")})
		if (c != nil) != takes(kind, size, iops, throughput) {
			rt.Fatalf("%s: %s", volume, faults)
		}
	})
}

func TestSafetyNoPartOfAPrivateKeyIsEverShown(t *testing.T) {
	const secret = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW"
	pem := "-----BEGIN OPENSSH PRIVATE KEY-----\n" + secret + "\n-----END OPENSSH PRIVATE KEY-----"
	for _, name := range []string{"ssh_public_key", "key_name", "environment", "custom_userdata", "instance_type", "no_such_name"} {
		for _, text := range []string{name + " = <<END\n" + pem + "\nEND\n", name + ` = "` + strings.ReplaceAll(pem, "\n", `\n`) + `"`, name + ` = ["` + secret + `"]`, name + " = " + secret} {
			_, faults := config.Load(config.Sources{Vars: []string{name + "=" + pem}, Environ: append(base(), "TF_VAR_"+name+"="+pem)})
			_, more := faultsIn(t, text+"\nmax_size = -1\n")
			for _, shown := range []string{faults.String(), more.String()} {
				if strings.Contains(shown, secret[:24]) {
					t.Errorf("%s shows the key:\n%s", name, shown)
				}
			}
		}
	}
}

func faultsIn(t *testing.T, text string) (*config.Config, config.Faults) {
	t.Helper()
	write(t, map[string]string{"ecs.tfvars": text})
	return config.Load(config.Sources{Files: []string{"ecs.tfvars"}, Environ: base()})
}
