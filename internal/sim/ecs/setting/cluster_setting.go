package setting

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/world"
)

// SetCluster checks a call's settings of a cluster and sets them.
func SetCluster(row *world.Cluster, in []types.ClusterSetting) error {
	for _, s := range in {
		if s.Name != types.ClusterSettingNameContainerInsights {
			return invalid("The specified cluster setting %s is not valid.", s.Name)
		}
		if v := aws.ToString(s.Value); !slices.Contains([]string{"enabled", "disabled", "enhanced"}, v) {
			return invalid("The specified value %s for the containerInsights setting is not valid. Valid values are: enhanced, enabled, disabled.", v)
		}
	}
	for _, s := range in {
		row.Insights = *s.Value
	}
	return nil
}

// Configure checks how a call configures a cluster, for ECS Exec and storage, and sets it.
func Configure(row *world.Cluster, in *types.ClusterConfiguration) error {
	if in == nil {
		return nil
	}
	if in.ExecuteCommandConfiguration != nil {
		exec, err := readExec(in.ExecuteCommandConfiguration)
		if err != nil {
			return err
		}
		row.Exec = exec
	}
	if s := in.ManagedStorageConfiguration; s != nil {
		row.StorageKey, row.EphemeralKey = aws.ToString(s.KmsKeyId), aws.ToString(s.FargateEphemeralStorageKmsKeyId)
	}
	return nil
}

func readExec(in *types.ExecuteCommandConfiguration) (*world.ExecConfiguration, error) {
	out := &world.ExecConfiguration{Logging: string(in.Logging), Key: aws.ToString(in.KmsKeyId)}
	if out.Logging == "" {
		out.Logging = string(types.ExecuteCommandLoggingDefault)
	}
	if !slices.Contains(in.Logging.Values(), types.ExecuteCommandLogging(out.Logging)) {
		return nil, invalid("The specified value %s for the logging setting is not valid.", out.Logging)
	}
	l := in.LogConfiguration
	if (l != nil) != (out.Logging == string(types.ExecuteCommandLoggingOverride)) {
		return nil, invalid("A log configuration is needed for OVERRIDE logging, and not allowed otherwise.")
	}
	if l != nil {
		out.HasLogs = true
		out.LogGroup, out.LogGroupEncrypted = aws.ToString(l.CloudWatchLogGroupName), l.CloudWatchEncryptionEnabled
		out.Bucket, out.BucketPath, out.BucketEncrypted = aws.ToString(l.S3BucketName), aws.ToString(l.S3KeyPrefix), l.S3EncryptionEnabled
	}
	return out, nil
}

// ViewConfiguration shows how a cluster is configured; nil when nobody said.
func ViewConfiguration(row *world.Cluster) *types.ClusterConfiguration {
	if row.Exec == nil && row.StorageKey == "" && row.EphemeralKey == "" {
		return nil
	}
	v := &types.ClusterConfiguration{}
	if row.StorageKey != "" || row.EphemeralKey != "" {
		v.ManagedStorageConfiguration = &types.ManagedStorageConfiguration{
			KmsKeyId: text(row.StorageKey), FargateEphemeralStorageKmsKeyId: text(row.EphemeralKey),
		}
	}
	if e := row.Exec; e != nil {
		v.ExecuteCommandConfiguration = &types.ExecuteCommandConfiguration{Logging: types.ExecuteCommandLogging(e.Logging), KmsKeyId: text(e.Key)}
		if e.HasLogs {
			v.ExecuteCommandConfiguration.LogConfiguration = &types.ExecuteCommandLogConfiguration{
				CloudWatchLogGroupName: text(e.LogGroup), CloudWatchEncryptionEnabled: e.LogGroupEncrypted,
				S3BucketName: text(e.Bucket), S3KeyPrefix: text(e.BucketPath), S3EncryptionEnabled: e.BucketEncrypted,
			}
		}
	}
	return v
}

// text is an answer's member that is left out when there is nothing to say.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
