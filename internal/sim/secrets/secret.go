package secrets

import (
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"berth/internal/sim/kms"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Secrets Manager user guide, "Secrets Manager quotas".
const (
	mostSecrets     = 500_000
	mostName        = 512
	mostDescription = 2048
)

// ownKey is the key that AWS manages for Secrets Manager.
const ownKey = "alias/aws/secretsmanager"

var nameForm = regexp.MustCompile(`^[A-Za-z0-9/_+=.@!-]+$`)

// suffix makes the six random characters at the end of an ARN.
func suffix(c *world.Call) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	d, b := c.Dice("secrets.suffix"), make([]byte, 6)
	for i := range b {
		b[i] = letters[d.IntN(len(letters))]
	}
	return string(b)
}

// lookup finds a secret by its name, its ARN, or its ARN without the last six characters.
func lookup(r *world.Region, id string) (*world.Secret, bool) {
	own := "arn:aws:secretsmanager:" + r.Name + ":" + world.Account + ":secret:"
	name, isARN := strings.CutPrefix(id, own)
	if !isARN {
		return r.Secrets.Secrets.Get(id)
	}
	if cut := strings.LastIndexByte(name, '-'); cut > 0 && len(name)-cut == 7 {
		if s, ok := r.Secrets.Secrets.Get(name[:cut]); ok && s.ARN == id {
			return s, true
		}
	}
	return r.Secrets.Secrets.Get(name)
}

// find finds the secret that a call names, also one that is to be deleted.
func find(c *world.Call, id *string) (*world.Secret, error) {
	name, err := required("secretId", id)
	if err != nil {
		return nil, err
	}
	s, ok := lookup(c.Region, name)
	if !ok {
		return nil, missing()
	}
	return s, nil
}

// active is find for calls that want a secret which nobody has deleted.
func active(c *world.Call, id *string) (*world.Secret, error) {
	s, err := find(c, id)
	if err == nil && !s.Deleted.IsZero() {
		return nil, wrongState("You can't perform this operation on the secret because it was marked for deletion.")
	}
	return s, err
}

// CreateSecret makes a secret, with a first version when there is a value.
func CreateSecret(c *world.Call, in *secretsmanager.CreateSecretInput) (*secretsmanager.CreateSecretOutput, error) {
	if err := checkNew(in); err != nil {
		return nil, err
	}
	v, err := draft(c, in.ClientRequestToken, in.SecretString, in.SecretBinary)
	if err != nil {
		return nil, err
	}
	if s, there := c.Region.Secrets.Secrets.Get(*in.Name); there {
		return repeated(s, v)
	}
	tags, err := tagged(nil, in.Tags)
	if err != nil {
		return nil, err
	}
	s := &world.Secret{
		Name: *in.Name, ARN: c.ARN("secretsmanager", "secret:"+*in.Name+"-"+suffix(c)), Description: aws.ToString(in.Description),
		Key: given(in.KmsKeyId), Created: c.Now(), Changed: c.Now(), Tags: tags,
	}
	if err := encrypts(c, s.Key); err != nil {
		return nil, err
	}
	if c.Region.Secrets.Secrets.Len() >= mostSecrets {
		return nil, wire.Errorf("LimitExceededException", "You've reached the limit of %d secrets.", mostSecrets)
	}
	c.Region.Secrets.Secrets.Put(s.Name, s)
	out := &secretsmanager.CreateSecretOutput{ARN: aws.String(s.ARN), Name: aws.String(s.Name)}
	if v != nil {
		v.Stages = []string{current}
		s.Versions = append(s.Versions, *v)
		out.VersionId = aws.String(v.ID)
	}
	return out, nil
}

func checkNew(in *secretsmanager.CreateSecretInput) error {
	name, err := required("name", in.Name)
	switch {
	case err != nil:
		return err
	case len(name) > mostName:
		return bounded("name", in.Name, mostName)
	case !nameForm.MatchString(name):
		return wire.Errorf("ValidationException", "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!")
	case len(in.AddReplicaRegions) > 0, in.ForceOverwriteReplicaSecret:
		return wrongState("Replication is not simulated.")
	case in.Type != nil:
		return wrongState("Secrets of partners are not simulated.")
	}
	return bounded("description", in.Description, mostDescription)
}

// repeated answers a call for a secret whose name is taken: the same call once more is no second one.
func repeated(s *world.Secret, v *world.SecretVersion) (*secretsmanager.CreateSecretOutput, error) {
	if !s.Deleted.IsZero() {
		return nil, wrongState("You can't create this secret because a secret with this name is already scheduled for deletion.")
	}
	if v != nil {
		if old := version(s, v.ID); old != nil && same(old, v) {
			return &secretsmanager.CreateSecretOutput{ARN: aws.String(s.ARN), Name: aws.String(s.Name), VersionId: aws.String(v.ID)}, nil
		}
	}
	return nil, wire.Errorf("ResourceExistsException", "The operation failed because the secret %s already exists.", s.Name)
}

// given is a KMS key as somebody named it; AWS's own is none.
func given(key *string) string {
	if k := aws.ToString(key); k != ownKey {
		return k
	}
	return ""
}

// encrypts refuses to write under a key that cannot be used.
func encrypts(c *world.Call, key string) error {
	if key != "" && kms.Usable(c.Region, key) != "" {
		return wire.Errorf("EncryptionFailure", "Secrets Manager can't encrypt the protected secret text using the provided KMS key. Check that the KMS key is available, enabled, and not in an invalid state.")
	}
	return nil
}

// UpdateSecret changes a secret's description and key, and gives it a new version when there is a value.
func UpdateSecret(c *world.Call, in *secretsmanager.UpdateSecretInput) (*secretsmanager.UpdateSecretOutput, error) {
	s, err := active(c, in.SecretId)
	if err != nil {
		return nil, err
	}
	if err := bounded("description", in.Description, mostDescription); err != nil {
		return nil, err
	}
	if in.Type != nil {
		return nil, wrongState("Secrets of partners are not simulated.")
	}
	v, err := draft(c, in.ClientRequestToken, in.SecretString, in.SecretBinary)
	if err != nil {
		return nil, err
	}
	key := s.Key
	if in.KmsKeyId != nil {
		key = given(in.KmsKeyId)
	}
	if err := encrypts(c, key); err != nil {
		return nil, err
	}
	out := &secretsmanager.UpdateSecretOutput{ARN: aws.String(s.ARN), Name: aws.String(s.Name)}
	if v != nil {
		if _, err := put(s, v, []string{current}); err != nil {
			return nil, err
		}
		out.VersionId = aws.String(v.ID)
	}
	s.Key = key
	if in.Description != nil {
		s.Description = *in.Description
	}
	s.Changed = c.Now()
	return out, nil
}
