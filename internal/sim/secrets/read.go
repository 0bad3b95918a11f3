package secrets

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"berth/internal/sim/kms"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Names are the ARNs of a secret, found by name or ARN, and of the key of its owner that protects it; false when there is no
// such secret.
func Names(r *world.Region, id string) (arn, key string, ok bool) {
	s, ok := lookup(r, id)
	if !ok {
		return "", "", false
	}
	return s.ARN, kms.ARN(r, s.Key), true
}

// Read is a secret's current text for another service, or why it cannot be read, in the words of GetSecretValue.
func Read(r *world.Region, id string) (string, error) {
	out, err := GetSecretValue(&world.Call{Region: r}, &secretsmanager.GetSecretValueInput{SecretId: aws.String(id)})
	if err != nil {
		return "", err
	}
	if out.SecretString == nil {
		return "", wire.Errorf("InvalidRequestException", "the secret is binary")
	}
	return *out.SecretString, nil
}
