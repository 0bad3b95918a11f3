package apply

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/secret"
)

func agentConfigEntry() entry { return typed(createAgentConfig, updateAgentConfig, deleteAgentConfig) }

func createAgentConfig(ctx context.Context, j *job, c model.AgentConfig) (model.Handle, error) {
	return model.Handle{ID: model.AgentConfigPath}, j.putLogins(ctx, c)
}

// updateAgentConfig puts a new version and deletes the ones before it, which hold what was. It goes by what stands now, not
// by what the plan saw: a call whose answer was lost may have put it already.
func updateAgentConfig(ctx context.Context, j *job, c model.AgentConfig) (model.Handle, error) {
	stands, _ := model.Find[model.AgentConfig](&j.have.Set, c.Key())
	older := stands.Versions
	if stands.Value == c.Value && slices.Equal(stands.Registries, c.Registries) {
		older = older[min(1, len(older)):]
	} else if err := j.putLogins(ctx, c); err != nil {
		return j.handle(), err
	}
	return j.handle(), j.deleteVersions(ctx, older)
}

// deleteAgentConfig deletes every version: a delete marker would leave the logins in the bucket.
func deleteAgentConfig(ctx context.Context, j *job, _ model.AgentConfig) (model.Handle, error) {
	stands, _ := model.Find[model.AgentConfig](&j.have.Set, model.AgentConfigKey())
	return model.Handle{}, j.deleteVersions(ctx, stands.Versions)
}

func (j *job) putLogins(ctx context.Context, c model.AgentConfig) error {
	logins := map[string]secret.Login{}
	for _, line := range c.Registries {
		host, username, _ := strings.Cut(line, " as ")
		l, err := j.login(host, username)
		if err != nil {
			return err
		}
		logins[host] = l
	}
	_, err := cloud.Write(ctx, j.c, j.c.S3.PutObject, &s3.PutObjectInput{
		Bucket: aws.String(j.have.ID(model.BucketKey())), Key: aws.String(model.AgentConfigPath), ContentType: aws.String("text/plain; charset=utf-8"),
		Body: strings.NewReader(secret.AgentConfig(logins).Reveal()),
	})
	return err
}

// versionsAtOnce is how many objects S3 deletes in a call (S3 API reference, DeleteObjects).
const versionsAtOnce = 1000

func (j *job) deleteVersions(ctx context.Context, ids []string) error {
	for some := range slices.Chunk(ids, versionsAtOnce) {
		in := &s3.DeleteObjectsInput{Bucket: aws.String(j.have.ID(model.BucketKey())), Delete: &types.Delete{Quiet: aws.Bool(true)}}
		for _, id := range some {
			in.Delete.Objects = append(in.Delete.Objects, types.ObjectIdentifier{Key: aws.String(model.AgentConfigPath), VersionId: aws.String(id)})
		}
		out, err := cloud.Repeat(ctx, j.c, j.c.S3.DeleteObjects, in)
		if gone(err) != nil {
			return err
		}
		if out != nil && len(out.Errors) > 0 {
			return fmt.Errorf("cannot delete an older version of %s: %s: %s", model.AgentConfigPath, aws.ToString(out.Errors[0].Code), aws.ToString(out.Errors[0].Message))
		}
	}
	return nil
}
