package permit

import "slices"

// bucketRows are the cluster's bucket and the lease in it. Actions of S3 and its operations have different names (Amazon S3 user
// guide, "Required permissions for Amazon S3 API operations").
func bucketRows() []row {
	return slices.Concat(
		rows("S3", look, "GetBucketOwnershipControls GetBucketPolicy GetBucketTagging GetBucketVersioning", bucket),
		rows("S3", change, "PutBucketOwnershipControls PutBucketPolicy PutBucketTagging PutBucketVersioning", bucket),
		rows("S3", end, "DeleteBucket", bucket),
		rows("S3", lock, "DeleteObject GetObject PutObject", bucketObjects),
		[]row{
			one("S3.HeadBucket", look, grant{"s3:ListBucket", bucket}),
			one("S3.GetBucketEncryption", look, grant{"s3:GetEncryptionConfiguration", bucket}),
			one("S3.GetBucketLifecycleConfiguration", look, grant{"s3:GetLifecycleConfiguration", bucket}),
			one("S3.GetPublicAccessBlock", look, grant{"s3:GetBucketPublicAccessBlock", bucket}),
			one("S3.CreateBucket", change, grant{"s3:CreateBucket", bucket}, grant{"s3:PutBucketOwnershipControls", bucket},
				grant{"s3:TagResource", bucket}),
			one("S3.PutBucketEncryption", change, grant{"s3:PutEncryptionConfiguration", bucket}),
			one("S3.PutBucketLifecycleConfiguration", change, grant{"s3:PutLifecycleConfiguration", bucket}),
			one("S3.PutPublicAccessBlock", change, grant{"s3:PutBucketPublicAccessBlock", bucket}),
			one("S3.ListObjectVersions", end, grant{"s3:ListBucketVersions", bucket}),
			one("S3.DeleteObjects", end, grant{"s3:DeleteObjectVersion", bucketObjects}),
		},
	)
}

// elseRows are log groups and quotas.
func elseRows() []row {
	return slices.Concat(
		rows("CloudWatch Logs", look, "DescribeLogGroups", anywhere),
		rows("CloudWatch Logs", look, "ListTagsForResource", logGroupTags),
		rows("CloudWatch Logs", change, "PutRetentionPolicy TagResource UntagResource", logGroups),
		[]row{one("CloudWatch Logs.CreateLogGroup", change, grant{"logs:CreateLogGroup", logGroups}, grant{"logs:TagResource", logGroups})},
		rows("CloudWatch Logs", leave, "DeleteLogGroup", logGroups, logGroupsBefore),
		rows("Service Quotas", quotas, "GetAWSDefaultServiceQuota GetServiceQuota", anywhere),
	)
}
