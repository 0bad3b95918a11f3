package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func keyPairEntry() entry { return typed(createKeyPair, updateKeyPair, deleteKeyPair) }

func createKeyPair(ctx context.Context, j *job, k model.KeyPair) (model.Handle, error) {
	out, err := cloud.Write(ctx, j.c, j.c.EC2.ImportKeyPair, &ec2.ImportKeyPairInput{
		KeyName: aws.String(k.Name), PublicKeyMaterial: []byte(k.PublicKey), TagSpecifications: tagSpec(types.ResourceTypeKeyPair, k.Tags),
	})
	if err != nil {
		return model.Handle{}, err
	}
	return model.Handle{ID: aws.ToString(out.KeyPairId)}, nil
}

func updateKeyPair(ctx context.Context, j *job, k model.KeyPair) (model.Handle, error) {
	return j.handle(), j.retag(ctx, j.id(), j.change.From.(model.KeyPair).Tags, k.Tags)
}

// deleteKeyPair closes no session and no door: running instances keep the key that they started with.
func deleteKeyPair(ctx context.Context, j *job, _ model.KeyPair) (model.Handle, error) {
	_, err := cloud.Repeat(ctx, j.c, j.c.EC2.DeleteKeyPair, &ec2.DeleteKeyPairInput{KeyPairId: aws.String(j.id())})
	return model.Handle{}, gone(err)
}
