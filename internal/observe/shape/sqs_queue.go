package shape

import (
	"encoding/json"
	"strconv"

	"berth/internal/model"
)

// QueueEncryption is the key that a queue is encrypted with, or how else it is.
func QueueEncryption(a map[string]string) string {
	switch {
	case a["KmsMasterKeyId"] != "":
		return a["KmsMasterKeyId"]
	case a["SqsManagedSseEnabled"] == "true":
		return "SSE-SQS"
	}
	return "none"
}

// Redrive reads where a queue's dead letters go. SQS gives the count as a number or as text, as it was set.
func Redrive(key Keys, policy string) (model.Key, int) {
	var p struct {
		Target   string      `json:"deadLetterTargetArn"`
		Receives json.Number `json:"maxReceiveCount"`
	}
	if policy == "" || json.Unmarshal([]byte(policy), &p) != nil {
		return model.Key{}, 0
	}
	return key(p.Target), Whole(p.Receives.String())
}

// Whole reads a number that AWS writes as text; 0 where it is none.
func Whole(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}
