package apply

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/secret"
)

func secretEntry() entry { return typed(createSecret, updateSecret, deleteSecret) }

// login is what shall be stored for a registry.
func (j *job) login(host, username string) (secret.Login, error) {
	password := j.secrets[secret.Registry(host)]
	if !password.IsSet() {
		return secret.Login{}, errors.New("there is no password for the registry " + host)
	}
	return secret.Login{Username: username, Password: password}, nil
}

func createSecret(ctx context.Context, j *job, s model.Secret) (model.Handle, error) {
	l, err := j.login(s.Registry, s.Username)
	if err != nil {
		return model.Handle{}, err
	}
	out, err := cloud.Repeat(ctx, j.c, j.c.Secrets.CreateSecret, &secretsmanager.CreateSecretInput{
		Name: aws.String(s.Name), Description: aws.String(s.Description), SecretString: aws.String(l.JSON().Reveal()),
		Tags: secretTags(s.Tags), ClientRequestToken: aws.String(j.token()),
	})
	if err != nil {
		return model.Handle{}, err
	}
	return model.Handle{ID: s.Name, ARN: aws.ToString(out.ARN)}, nil
}

func updateSecret(ctx context.Context, j *job, s model.Secret) (model.Handle, error) {
	h := j.handle()
	if j.differs("value", "username") {
		if err := j.putLogin(ctx, h.ARN, s); err != nil {
			return h, err
		}
	}
	if j.differs("description", "kms_key") {
		_, err := cloud.Repeat(ctx, j.c, j.c.Secrets.UpdateSecret, &secretsmanager.UpdateSecretInput{
			SecretId: aws.String(h.ARN), Description: aws.String(s.Description), KmsKeyId: aws.String(s.KMSKey),
		})
		if err != nil {
			return h, err
		}
	}
	set, drop := tagChanges(j.change.From.(model.Secret).Tags, s.Tags)
	if len(set) > 0 {
		in := &secretsmanager.TagResourceInput{SecretId: aws.String(h.ARN), Tags: secretTags(set)}
		if _, err := cloud.Repeat(ctx, j.c, j.c.Secrets.TagResource, in); err != nil {
			return h, err
		}
	}
	if len(drop) == 0 {
		return h, nil
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.Secrets.UntagResource, &secretsmanager.UntagResourceInput{SecretId: aws.String(h.ARN), TagKeys: drop})
	return h, err
}

// putLogin makes a new version the current one; ECS reads it when it starts the next task.
func (j *job) putLogin(ctx context.Context, arn string, s model.Secret) error {
	l, err := j.login(s.Registry, s.Username)
	if err != nil {
		return err
	}
	_, err = cloud.Repeat(ctx, j.c, j.c.Secrets.PutSecretValue, &secretsmanager.PutSecretValueInput{
		SecretId: aws.String(arn), SecretString: aws.String(l.JSON().Reveal()), ClientRequestToken: aws.String(j.token()),
	})
	return err
}

// deleteSecret leaves nothing to be recovered: the name must be free again, and the value is where it came from.
func deleteSecret(ctx context.Context, j *job, _ model.Secret) (model.Handle, error) {
	_, err := cloud.Repeat(ctx, j.c, j.c.Secrets.DeleteSecret, &secretsmanager.DeleteSecretInput{
		SecretId: aws.String(j.handle().ARN), ForceDeleteWithoutRecovery: aws.Bool(true),
	})
	return model.Handle{}, gone(err)
}

func secretTags(tags model.Tags) []types.Tag {
	out := make([]types.Tag, len(tags))
	for i, t := range tags {
		out[i] = types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)}
	}
	return out
}
