package logs

import (
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Operations is the API of CloudWatch Logs by operation name.
func Operations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"CreateLogGroup":                wire.Op(CreateLogGroup),
		"DescribeLogGroups":             wire.Op(DescribeLogGroups),
		"DeleteLogGroup":                wire.Op(DeleteLogGroup),
		"PutRetentionPolicy":            wire.Op(PutRetentionPolicy),
		"DeleteRetentionPolicy":         wire.Op(DeleteRetentionPolicy),
		"PutLogGroupDeletionProtection": wire.Op(PutLogGroupDeletionProtection),
		"TagResource":                   wire.Op(TagResource),
		"UntagResource":                 wire.Op(UntagResource),
		"ListTagsForResource":           wire.Op(ListTagsForResource),
		"TagLogGroup":                   wire.Op(TagLogGroup),
		"UntagLogGroup":                 wire.Op(UntagLogGroup),
		"ListTagsLogGroup":              wire.Op(ListTagsLogGroup),
		"CreateLogStream":               wire.Op(CreateLogStream),
		"DescribeLogStreams":            wire.Op(DescribeLogStreams),
		"DeleteLogStream":               wire.Op(DeleteLogStream),
		"PutLogEvents":                  wire.Op(PutLogEvents),
		"GetLogEvents":                  wire.Op(GetLogEvents),
		"PutResourcePolicy":             wire.Op(PutResourcePolicy),
		"DeleteResourcePolicy":          wire.Op(DeleteResourcePolicy),
		"DescribeResourcePolicies":      wire.Op(DescribeResourcePolicies),
		"FilterLogEvents":               wire.Op(FilterLogEvents),
	}
}
