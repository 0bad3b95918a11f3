package secrets

import (
	"bytes"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"berth/internal/sim/kms"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// The staging labels that AWS moves by itself.
const (
	current  = "AWSCURRENT"
	previous = "AWSPREVIOUS"
)

// Secrets Manager user guide, "Secrets Manager quotas".
const (
	mostValue    = 65536
	mostVersions = 100
	mostStages   = 20
)

// draft is the version that a call would make; nil when it brings no value.
func draft(c *world.Call, token, text *string, binary []byte) (*world.SecretVersion, error) {
	id := aws.ToString(token)
	switch {
	case text != nil && binary != nil:
		return nil, invalid("You can't specify both a binary secret value and a string secret value in the same secret.")
	case text == nil && binary == nil:
		return nil, nil //nolint:nilnil // a secret may have no value
	case len(aws.ToString(text)) > mostValue:
		return nil, bounded("secretString", text, mostValue)
	case len(binary) > mostValue:
		return nil, bounded("secretBinary", aws.String(string(binary)), mostValue)
	case id == "":
		return nil, invalid("You must provide a ClientRequestToken value. We recommend a UUID-type value.")
	case len(id) < 32:
		return nil, constraint(" '"+id+"'", "clientRequestToken", "have length greater than or equal to 32")
	}
	if err := bounded("clientRequestToken", token, 64); err != nil {
		return nil, err
	}
	return &world.SecretVersion{ID: id, Text: aws.ToString(text), Binary: binary, Created: c.Now()}, nil
}

// version finds a version by its id; nil when there is none.
func version(s *world.Secret, id string) *world.SecretVersion {
	i := slices.IndexFunc(s.Versions, func(v world.SecretVersion) bool { return v.ID == id })
	if i < 0 {
		return nil
	}
	return &s.Versions[i]
}

// staged finds the version with a staging label; nil when there is none.
func staged(s *world.Secret, stage string) *world.SecretVersion {
	i := slices.IndexFunc(s.Versions, func(v world.SecretVersion) bool { return slices.Contains(v.Stages, stage) })
	if i < 0 {
		return nil
	}
	return &s.Versions[i]
}

func same(a, b *world.SecretVersion) bool { return a.Text == b.Text && bytes.Equal(a.Binary, b.Binary) }

// put adds a version and moves the labels to it; a version that is there already stays as it is. Of the versions without a
// label the oldest go when there are too many.
func put(s *world.Secret, v *world.SecretVersion, stages []string) (*world.SecretVersion, error) {
	if old := version(s, v.ID); old != nil {
		if !same(old, v) {
			return nil, wire.Errorf("ResourceExistsException", "You can't use ClientRequestToken %s because that value is already in use for a version of secret %s.", v.ID, s.ARN)
		}
		return old, nil
	}
	if staged(s, current) == nil && !slices.Contains(stages, current) {
		stages = append(slices.Clone(stages), current) // the first version is the current one
	}
	for _, stage := range stages {
		label(s, stage)
	}
	v.Stages = slices.Clone(stages)
	s.Versions = append(s.Versions, *v)
	for i := 0; len(s.Versions) > mostVersions && i < len(s.Versions); {
		if len(s.Versions[i].Stages) > 0 {
			i++
			continue
		}
		s.Versions = slices.Delete(s.Versions, i, i+1)
	}
	return version(s, v.ID), nil
}

// label takes a label from the version that has it; the one that was current becomes the previous one.
func label(s *world.Secret, stage string) {
	old := staged(s, stage)
	if old == nil {
		return
	}
	old.Stages = slices.DeleteFunc(slices.Clone(old.Stages), func(l string) bool { return l == stage })
	if stage != current {
		return
	}
	if before := staged(s, previous); before != nil {
		before.Stages = slices.DeleteFunc(slices.Clone(before.Stages), func(l string) bool { return l == previous })
	}
	old.Stages = append(old.Stages, previous)
}

// PutSecretValue gives a secret a new version, the current one unless other labels are named.
func PutSecretValue(c *world.Call, in *secretsmanager.PutSecretValueInput) (*secretsmanager.PutSecretValueOutput, error) {
	s, err := active(c, in.SecretId)
	if err != nil {
		return nil, err
	}
	if in.RotationToken != nil {
		return nil, wrongState("Rotation is not simulated.")
	}
	v, err := draft(c, in.ClientRequestToken, in.SecretString, in.SecretBinary)
	if err != nil {
		return nil, err
	}
	if v == nil {
		return nil, wrongState("You must provide either SecretString or SecretBinary.")
	}
	stages := in.VersionStages
	if stages == nil {
		stages = []string{current}
	}
	if len(stages) == 0 || len(stages) > mostStages {
		return nil, constraint("", "versionStages", "have length between 1 and 20")
	}
	if err := encrypts(c, s.Key); err != nil {
		return nil, err
	}
	v, err = put(s, v, stages)
	if err != nil {
		return nil, err
	}
	s.Changed = c.Now()
	return &secretsmanager.PutSecretValueOutput{
		ARN: aws.String(s.ARN), Name: aws.String(s.Name), VersionId: aws.String(v.ID), VersionStages: slices.Clone(v.Stages),
	}, nil
}

// GetSecretValue reads a version, the current one unless another is named.
func GetSecretValue(c *world.Call, in *secretsmanager.GetSecretValueInput) (*secretsmanager.GetSecretValueOutput, error) {
	s, err := active(c, in.SecretId)
	if err != nil {
		return nil, err
	}
	v, err := asked(s, in)
	if err != nil {
		return nil, err
	}
	if s.Key != "" && kms.Usable(c.Region, s.Key) != "" {
		return nil, wire.Errorf("DecryptionFailure", "Secrets Manager can't decrypt the protected secret text using the provided KMS key.")
	}
	out := &secretsmanager.GetSecretValueOutput{
		ARN: aws.String(s.ARN), Name: aws.String(s.Name), VersionId: aws.String(v.ID), VersionStages: slices.Clone(v.Stages),
		CreatedDate: aws.Time(v.Created), SecretBinary: v.Binary,
	}
	if v.Binary == nil {
		out.SecretString = aws.String(v.Text)
	}
	return out, nil
}

// asked is the version that a call wants to read.
func asked(s *world.Secret, in *secretsmanager.GetSecretValueInput) (*world.SecretVersion, error) {
	id, stage := aws.ToString(in.VersionId), aws.ToString(in.VersionStage)
	if id != "" {
		v := version(s, id)
		switch {
		case v == nil:
			return nil, wire.Errorf("ResourceNotFoundException", "Secrets Manager can't find the specified secret value for VersionId: %s", id)
		case stage != "" && !slices.Contains(v.Stages, stage):
			return nil, wrongState("You provided a VersionStage that is not associated to the provided VersionId.")
		}
		return v, nil
	}
	if stage == "" {
		stage = current
	}
	v := staged(s, stage)
	if v == nil {
		return nil, wire.Errorf("ResourceNotFoundException", "Secrets Manager can't find the specified secret value for staging label: %s", stage)
	}
	return v, nil
}
