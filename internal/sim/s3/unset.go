package s3

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"berth/internal/sim/world"
)

// GetBucketAcl shows the one ACL there is: the owner may do everything.
func GetBucketAcl(c *world.Call, in *s3.GetBucketAclInput) (*s3.GetBucketAclOutput, error) { //nolint:revive // AWS spells it so
	if _, err := find(c, in.Bucket, in.ExpectedBucketOwner); err != nil {
		return nil, err
	}
	return &s3.GetBucketAclOutput{
		Owner: &types.Owner{ID: aws.String(owner)},
		Grants: []types.Grant{{
			Grantee:    &types.Grantee{Type: types.TypeCanonicalUser, ID: aws.String(owner)},
			Permission: types.PermissionFullControl,
		}},
	}, nil
}

// GetBucketAccelerateConfiguration shows that acceleration was never set.
func GetBucketAccelerateConfiguration(c *world.Call, in *s3.GetBucketAccelerateConfigurationInput) (*s3.GetBucketAccelerateConfigurationOutput, error) {
	_, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	return &s3.GetBucketAccelerateConfigurationOutput{}, err
}

// GetBucketCors refuses: no bucket has CORS rules.
func GetBucketCors(c *world.Call, in *s3.GetBucketCorsInput) (*s3.GetBucketCorsOutput, error) {
	if _, err := find(c, in.Bucket, in.ExpectedBucketOwner); err != nil {
		return nil, err
	}
	return nil, missing("NoSuchCORSConfiguration", "The CORS configuration does not exist")
}

// GetBucketLogging shows that access logs are off.
func GetBucketLogging(c *world.Call, in *s3.GetBucketLoggingInput) (*s3.GetBucketLoggingOutput, error) {
	_, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	return &s3.GetBucketLoggingOutput{}, err
}

// GetBucketNotificationConfiguration shows that nobody is notified.
func GetBucketNotificationConfiguration(
	c *world.Call, in *s3.GetBucketNotificationConfigurationInput,
) (*s3.GetBucketNotificationConfigurationOutput, error) {
	_, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	return &s3.GetBucketNotificationConfigurationOutput{}, err
}

// GetBucketReplication refuses: no bucket is replicated.
func GetBucketReplication(c *world.Call, in *s3.GetBucketReplicationInput) (*s3.GetBucketReplicationOutput, error) {
	if _, err := find(c, in.Bucket, in.ExpectedBucketOwner); err != nil {
		return nil, err
	}
	return nil, missing("ReplicationConfigurationNotFoundError", "The replication configuration was not found")
}

// GetBucketRequestPayment shows that the owner pays.
func GetBucketRequestPayment(c *world.Call, in *s3.GetBucketRequestPaymentInput) (*s3.GetBucketRequestPaymentOutput, error) {
	_, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	return &s3.GetBucketRequestPaymentOutput{Payer: types.PayerBucketOwner}, err
}

// GetBucketWebsite refuses: no bucket is a website.
func GetBucketWebsite(c *world.Call, in *s3.GetBucketWebsiteInput) (*s3.GetBucketWebsiteOutput, error) {
	if _, err := find(c, in.Bucket, in.ExpectedBucketOwner); err != nil {
		return nil, err
	}
	return nil, missing("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration")
}

// GetObjectLockConfiguration refuses: no bucket locks objects.
func GetObjectLockConfiguration(c *world.Call, in *s3.GetObjectLockConfigurationInput) (*s3.GetObjectLockConfigurationOutput, error) {
	if _, err := find(c, in.Bucket, in.ExpectedBucketOwner); err != nil {
		return nil, err
	}
	return nil, missing("ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket")
}
