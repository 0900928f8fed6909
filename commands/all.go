package commands

// All is the grammar as it is offered: what is not built is not listed. The first listed row of a group is what its
// noun means alone.
var All = Table{
	helpCommand, newCommand, setCommand, listCommand, statusCommand, checkCommand, todoCommand,
	signCommand, advanceCommand, holdCommand, resumeCommand,
	candidateShow, candidateSet, candidateDiff, candidateDeploy, candidateWhere,
	scopeList, scopeAdd, scopeDrop, scopeFrom,
	itemList, itemShow, itemAsk, itemAssign, itemPlan, itemWaive, itemAdd, itemDrop, itemMove,
	flagList, flagShow, flagNew, flagSet, flagKill, flagExpire,
	rollbackPlan, rollbackStart,
	notesShow, notesDraft, notesEdit, notesApprove, notesPublish, notesCorrect,
	briefShow, briefDraft, briefSend, briefAck, briefStatus,
	feedbackList, feedbackAdd, feedbackPlan, feedbackSettle, feedbackFollow,
	remindList, remindAway,
	auditShow, auditVerify, auditExport, auditAnchor,
	adminRoles, adminLink, adminUnlink, adminCode, adminClaim, adminConfig,
	homeCommand, confirmCommand, undoCommand,
}
